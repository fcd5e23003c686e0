"""Floors on the pay of hours: who is owed what, what an order then costs, and when free entry can bear a floor."""

import numpy as np
import pytest
from scipy.optimize import brentq

from galleria.agents.couriers.top_up import order_cost_usd, trip_top_ups


def test_each_driver_is_paid_for_the_time_on_trips() -> None:
    """At 18 $/h two hours are 36 $: 30 $ are topped up by 6; nothing is owed above, or taken from one for another."""
    owed = trip_top_ups(18.0, np.array([[2.0, 1.0], [0.0, 0.5]]), np.array([[30.0, 40.0], [0.0, 0.0]]))
    assert owed.tolist() == [[6.0, 0.0], [0.0, 9.0]]


def test_an_order_costs_its_hours_in_the_place_of_its_pay() -> None:
    """Half an hour at 18 $/h and 0.75 busy costs 12 $: that, not 9 + 12; 15 $ of pay cost 15."""
    assert order_cost_usd(np.array([9.0, 15.0]), np.array([0.5, 0.5]), 18 / 0.75).tolist() == [12.0, 15.0]
    assert order_cost_usd(9.0, 0.5, 0.0) == 9.0


SUPPLY, MEDIAN, STEEP = 100.0, 15.0, 4.0


def demand(price: float, scale: float) -> float:
    """Return hours wanted at a price of an hour of service, a logit market."""
    return float(scale / (1 + np.exp(0.2 * (price - 25))))


def supply(earnings: float) -> float:
    """Return hours on line with free entry, of elasticity about 2 to 4."""
    return float(SUPPLY * earnings**STEEP / (earnings**STEEP + MEDIAN**STEEP))


def most_earnings(scale: float) -> tuple[float, float, float]:
    """Return what the theorem allows: p*, w* and the highest stable earnings M (Asadpour, Lobel and van Ryzin 2023)."""
    prices = np.linspace(1, 100, 20_000)
    peak = float(prices[np.argmax([price * demand(price, scale) for price in prices])])
    clears = brentq(lambda wage: demand(wage, scale) - supply(wage), 0.1, 200)
    if peak <= clears:
        return peak, clears, clears
    return peak, clears, brentq(lambda earnings: earnings * supply(earnings) - peak * demand(peak, scale), 0.1, 200)


def can_be_borne(floor: float, scale: float) -> bool:
    """Play the floor: a courier sets the price, pays the floor over the utilisation that was, drivers enter freely.

    The price is any on a grid that is kept; whether some keeps the courier's cost of hours within its revenue for good.
    """
    for price in np.linspace(5, 80, 301):
        hours = demand(price, scale)
        utilisation, on_line = 0.5, 1.0
        for _ in range(400):
            wage = order_cost_usd(0.0, 1.0, floor / utilisation)
            earnings = float(wage) * utilisation
            on_line = supply(earnings)
            utilisation = min(1.0, hours / on_line)
        served = min(hours, on_line)
        if price * served >= order_cost_usd(0.0, served, floor / utilisation) - 1e-6:
            return True
    return False


@pytest.mark.parametrize(("scale", "tight"), [(400.0, True), (40.0, False)])
def test_free_entry_bears_a_floor_up_to_the_theorems_and_not_beyond(scale: float, tight: bool) -> None:  # noqa: FBT001
    """Stable iff M <= w* where p* <= w*, else M <= H(R(p*)), with R = p D, C = z S and H = C^-1; both sides, 2 %."""
    peak, clears, most = most_earnings(scale)
    assert (peak <= clears) == tight
    assert can_be_borne(0.98 * most, scale)
    assert not can_be_borne(1.02 * most, scale)
