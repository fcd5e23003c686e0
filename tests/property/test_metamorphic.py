"""What must not matter to the real dispatcher does not: the order of drivers, the day, a town next door, an idler.

Elsewhere: names and order of couriers and the unit of money (test_fee_games), another name of a firm (test_strategy), a
courier split into two that pool (row L7), policies of no strength (row L6, test_policies_and_markets).
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest

from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.clock import DAY_S
from galleria.agents.kernel.roads import Roads
from galleria.experiments.verification.space_laboratory import Laboratory, poisson
from galleria.experiments.verification.towns import POINTS, laboratory, town

DRIVERS, REQUESTS, SEED = 25, 300, 3
RULES = ("nearest_immediate", "fcfs", "nearest_waiting", "lap", "greedy")


class WithIdler(Laboratory):
    """A laboratory whose last driver works for nobody."""

    def _apps(self, drivers: int) -> Ints:
        return np.append(super()._apps(drivers - 1), 0)


class Drawn(NamedTuple):
    """Places of drivers, times of requests, and where they come from and go."""

    start: Ints
    request_s: Floats
    origin: Ints
    destination: Ints


def drawn() -> Drawn:
    """Draw a few hours of a town."""
    rng = np.random.default_rng(SEED)
    start = rng.choice(POINTS, DRIVERS, replace=False)
    return Drawn(
        start,
        poisson(90.0, REQUESTS, rng),
        POINTS + rng.integers(POINTS, size=REQUESTS),
        rng.permutation(POINTS)[:REQUESTS],
    )


def lab(rule: str) -> Laboratory:
    return laboratory(town(10.0, 30.0, euclid=True), 0.2, rule=rule, reach_min=30.0)


def outcome(lab: Laboratory, town: Drawn) -> tuple[Ints, Floats, Floats]:
    """Return who served each request, when, and the empty way."""
    seen = lab.run(*town, SEED)
    orders, n = seen.orders, len(seen.request_s)
    return orders.driver[:n].astype(np.int64), orders.delivered_s[:n].copy(), orders.pickup_km[:n].copy()


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "nearest_waiting"])
def test_the_numbers_of_drivers_do_not_matter(rule: str) -> None:
    """Where drivers choose (`nearest_waiting`) they do: who has the lowest number chooses first."""
    here, turned = drawn(), np.random.default_rng(1).permutation(DRIVERS)
    driver, delivered_s, km = outcome(lab(rule), here)
    other, other_s, other_km = outcome(lab(rule), here._replace(start=here.start[turned]))
    served = driver >= 0
    assert served.sum() > 100
    np.testing.assert_array_equal(turned[other[served]], driver[served])
    np.testing.assert_array_equal(other_s, delivered_s)
    np.testing.assert_array_equal(other_km, km)


@pytest.mark.parametrize("rule", RULES)
def test_a_day_later_all_happens_a_day_later(rule: str) -> None:
    here = drawn()
    driver, delivered_s, km = outcome(lab(rule), here)
    other, other_s, other_km = outcome(lab(rule), here._replace(request_s=here.request_s + DAY_S))
    np.testing.assert_array_equal(other, driver)
    np.testing.assert_allclose(other_s - DAY_S, delivered_s, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(other_km, km)


@pytest.mark.parametrize("rule", RULES)
def test_a_driver_whom_nobody_can_use_changes_nothing(rule: str) -> None:
    here, plain = drawn(), lab(rule)
    alone = outcome(plain, here)
    idler = WithIdler(**{name: getattr(plain, name) for name in plain.__dataclass_fields__})
    beside = outcome(idler, here._replace(start=np.append(here.start, 0)))
    for one, other in zip(alone, beside, strict=True):
        np.testing.assert_array_equal(one, other)


def doubled(roads: Roads) -> Roads:
    """Lay a second town so far away that nobody drives there."""
    n, far = len(roads.free), np.iinfo(np.uint16).max

    def twice(
        table: np.ndarray[tuple[int, ...], np.dtype[np.uint16]],
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.uint16]]:
        whole = np.full((2 * n, 2 * n), far, np.uint16)
        whole[:n, :n] = whole[n:, n:] = table
        whole.flags.writeable = False
        return whole

    return roads._replace(free=twice(roads.free), length=twice(roads.length))


@pytest.mark.parametrize("rule", ["nearest_immediate", "nearest_waiting", "greedy"])
def test_two_towns_out_of_reach_are_each_as_if_alone(rule: str) -> None:
    """Rules that take pairs as they are; a batch that counts all costs together may break ties of rounding anew."""
    here = drawn()
    single = replace(lab(rule), dispatch=lab(rule).dispatch.model_copy(update={"max_pickup_min": 9.0}))
    pair = replace(single, roads=doubled(single.roads))
    n = len(single.roads.free)
    driver, delivered_s, km = outcome(single, here)
    both = Drawn(
        np.concatenate([here.start, here.start + n]),
        np.repeat(here.request_s, 2),
        np.stack([here.origin, here.origin + n], axis=1).ravel(),
        np.stack([here.destination, here.destination + n], axis=1).ravel(),
    )
    twice, twice_s, twice_km = (column.reshape(-1, 2) for column in outcome(pair, both))
    served = driver >= 0
    assert served.sum() > 100
    for town_number in range(2):
        mine = twice[:, town_number]
        np.testing.assert_array_equal(mine[served] - town_number * DRIVERS, driver[served])
        np.testing.assert_array_equal(twice_s[:, town_number], delivered_s)
        np.testing.assert_array_equal(twice_km[:, town_number], km)
