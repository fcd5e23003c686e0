"""Additions that recover costs: in full where an order costs the same, by the theorem where hours are paid."""

import numpy as np
import pytest
from scipy.optimize import brentq

from agents.drivers.labour import LabourSupply
from agents.kernel.arrays import Floats
from agents.pricing.recovery import Recovery
from agents.regulator.policies.hourly_pay import HourlyPay, HourlyPaySettings
from agents.regulator.regulator import unregulated
from models.money.burden import Burden, DayOfCosts

STEEP = 0.25


def exponential(further_usd: float, *, fixed_usd: float = 0.0, share: float = 1.0) -> Recovery:
    """One courier with 100 e^(-x / 4) orders that cost so much each, and so much all together."""
    return Recovery(
        orders=lambda added: np.asarray(100 * np.exp(-STEEP * added)),
        usd_per_further_order=lambda orders: np.full_like(orders, further_usd),
        usd_per_order=lambda orders: np.asarray(further_usd + fixed_usd / orders),
        share=share,
        most_usd=10.0,
        step_usd=0.25,
    )


def test_what_each_order_costs_is_passed_on_by_the_share_up_to_the_most() -> None:
    assert exponential(3.1).additions(1) == pytest.approx(3.1)
    assert exponential(3.1, share=0.5).additions(1) == pytest.approx(1.55)
    assert exponential(0.0).additions(1) == 0.0
    assert exponential(12.0).additions(1) == 10.0
    assert [exponential(cost).out_of_reach(1)[0] for cost in (0.0, 3.1, 9.9, 12.0)] == [False, False, False, True]


def test_a_cost_of_all_orders_is_out_of_reach_where_no_addition_brings_it() -> None:
    """X e^(-x / 4) 100 is largest at x = 4, 147.2 $: no more than that can be brought back."""
    assert not exponential(0.0, fixed_usd=147.0).out_of_reach(1)[0]
    assert exponential(0.0, fixed_usd=147.3).out_of_reach(1)[0]
    assert not exponential(0.0, fixed_usd=147.3, share=0.99).out_of_reach(1)[0]
    assert exponential(0.0, fixed_usd=500.0).additions(1) == 0.0


def test_additions_rest_where_each_is_the_cost_at_the_orders_of_all() -> None:
    """With orders that move to others, and a cost that grows as orders fall; the smallest of several such places."""

    def orders(added: Floats) -> Floats:
        return np.asarray(100 * np.exp(-STEEP * added + 0.1 * added[::-1]))

    def cost(placed: Floats) -> Floats:
        return np.asarray(1.0 + 60 / placed)

    added = Recovery(orders, cost, cost, 1.0, 10.0, 0.25).additions(2)
    np.testing.assert_allclose(added, cost(orders(added)), atol=1e-3)
    assert (added < 2.2).all()


SUPPLY = LabourSupply(100.0, 15.0, 0.45)


def demand(price: float, scale: float) -> float:
    return scale / (1 + float(np.exp(0.2 * (price - 25))))


def highest_floor(scale: float) -> tuple[float, float, float]:
    """Return p*, w* and the theorem's highest floor, w* where p* <= w*, else H(R(p*)), with H = C^-1 and C = z S."""
    prices = np.linspace(1, 100, 40_000)
    peak = float(prices[np.argmax([price * demand(price, scale) for price in prices.tolist()])])
    clears = brentq(lambda wage: demand(wage, scale) - SUPPLY.drivers(wage), 0.1, 99)
    if peak <= clears:
        return peak, clears, clears
    return peak, clears, brentq(lambda wage: wage * SUPPLY.drivers(wage) - peak * demand(peak, scale), 0.1, 99)


def can_be_borne(floor: float, scale: float) -> bool:
    """Let drivers come in freely at a floor; tell whether some price of an hour of service brings back their cost."""
    settings = HourlyPaySettings(
        kind="hourly_pay", from_day=0, to_day=None, phase_in_days=0, usd_per_h=floor, usd_per_trip_h=0.0
    )
    rules, burden = unregulated(), Burden(1)
    rules.in_force = [(HourlyPay(settings), 1.0)]
    one, none, online_h = np.ones(1), np.zeros(1), SUPPLY.drivers(floor)
    burden.learn(DayOfCosts(none, one, one, none, 0.0, online_h), rules, 1.0)
    courier = Recovery(
        orders=lambda price: np.array([min(demand(float(price[0]), scale), online_h)]),
        usd_per_further_order=np.zeros_like,
        usd_per_order=lambda hours: burden.usd_per_order(hours, online_h, rules),
        share=1.0,
        most_usd=99.0,
        step_usd=0.05,
    )
    return not courier.out_of_reach(1)[0]


@pytest.mark.parametrize(("scale", "tight"), [(400.0, True), (40.0, False)])
def test_free_entry_bears_a_floor_up_to_the_theorems_and_not_beyond(scale: float, tight: bool) -> None:  # noqa: FBT001
    """Asadpour, Lobel and van Ryzin (2023) by the rules of the market, 2 % to either side.

    The floor, the supply of drivers, what an hour of service costs and the search for a fee are the market's own.
    """
    peak, clears, most = highest_floor(scale)
    assert (peak <= clears) == tight
    assert can_be_borne(0.98 * most, scale)
    assert not can_be_borne(1.02 * most, scale)
