"""The opening at rest, fast and slow: the same pay of hours, the same beliefs, from the same days before the first."""

from copy import deepcopy

import numpy as np

from galleria.agents.drivers.labour import shared_rates
from galleria.models.opening.rest import Resting
from tests.market_worlds import BUSY_TOY
from tests.reference import beliefs
from tests.reference.drawn import world_of
from tests.reference.grounds import MEALS
from tests.reference.market import SlowMarket
from tests.reference.world import Rest
from tests.reference.worlds import WORLDS, both, market_at_rest, rest_of

WORLD = (*BUSY_TOY, *MEALS, "meals.orders_per_household_day=0.2", "drivers.at_rest.days=3")


def test_hours_pay_the_same() -> None:
    """Ladders of one to nine drivers; incomes for none, some and all; shares between two asks and beyond all."""
    generator = np.random.default_rng(5)
    for drivers in range(1, 10):
        asks = generator.lognormal(2.9, 0.5, (drivers, 24))
        income_usd, presence = generator.lognormal(3.5, 1.5, 24), generator.uniform(0.1, 2, 24)
        expected = [beliefs.shared_rate(asks[:, k].tolist(), income_usd[k], presence[k]) for k in range(24)]
        np.testing.assert_allclose(shared_rates(asks, income_usd, presence), expected, rtol=1e-12)


def test_between_two_asks_the_rate_is_what_the_next_one_asks() -> None:
    assert beliefs.shared_rate([10.0, 18.0], 30.0, 1.0) == 18.0
    assert beliefs.shared_rate([10.0, 18.0], 50.0, 1.0) == 25.0
    assert beliefs.shared_rate([10.0, 18.0], 50.0, 5.0) == 10.0
    assert beliefs.shared_rate([10.0, 18.0], 6.0, 1.0) == 6.0


def test_the_same_days_bring_the_market_to_the_same_rest() -> None:
    fast_rest, slow_rest = Resting(), beliefs.Resting()
    market = market_at_rest(*WORLD, learn=fast_rest)
    slow = SlowMarket(world_of(market), slow_rest)
    market.run()
    slow.run()
    assert fast_rest.rest is not None
    assert slow_rest.rest is not None
    for name, column in fast_rest.rest._asdict().items():
        np.testing.assert_allclose(column, getattr(slow_rest.rest, name), rtol=1e-9, atol=1e-9, err_msg=name)
    found = [gig.belief for gig in slow.world.gigs]
    np.testing.assert_allclose(market.world.drivers.belief_usd_per_h, found, rtol=1e-9, atol=1e-9)


def test_drivers_open_with_beliefs_of_their_own() -> None:
    """In hours of work own luck spreads beliefs; a floor in force before the first day is in them."""
    opened = WORLDS["opened at rest"]
    market, slow = both(*opened)
    assert market.world.drivers.orders.sum() > 100
    rest, floored = (rest_of(*opened, f"policy={policy}") for policy in ("none", "min_pay_seattle"))
    opening, world = [], deepcopy(slow.world)  # the pair is shared by all tests of its world
    for each in (rest, floored):
        rate = beliefs.settle(world, Rest(*(column.tolist() for column in each)))
        opening.append(([gig.belief[12] for gig in world.gigs], rate[12]))
    (noon, pay), (floored_noon, floored_pay) = opening
    assert np.std(noon) > 0.5
    assert floored_pay > pay
    assert np.mean(floored_noon) > np.mean(noon)
