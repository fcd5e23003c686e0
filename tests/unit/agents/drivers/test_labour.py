"""The labour market at its limits; that it is the closed form of model 10.4 M3 and M4 is verified by rows."""

import pytest

from galleria.agents.drivers.labour import LabourSupply, equilibrium_rate, idle_drivers

SUPPLY = LabourSupply(pool=700, median_usd_per_h=17.0, sd_log=0.4)
ORDERS_PER_H = 100.0


def rate_at(pay_usd: float) -> float:
    return equilibrium_rate(SUPPLY, pay_usd * ORDERS_PER_H, 0.0, 1e-6, 1e3)


def test_costs_are_paid_from_the_income() -> None:
    rate = equilibrium_rate(SUPPLY, 1050.0, 2.0, 1e-6, 1e3)
    assert SUPPLY.drivers(rate) * (rate + 2.0) == pytest.approx(1050.0)
    assert rate < rate_at(10.5)


def test_without_income_nobody_works_and_nobody_earns_more_than_the_most() -> None:
    assert equilibrium_rate(SUPPLY, 0.0, 0.0, 1e-6, 1e3) == 0.0
    assert equilibrium_rate(LabourSupply(1, 17.0, 0.4), 1050.0, 0.0, 1e-6, 25.0) == 25.0


def test_more_than_the_peak_cannot_be_served() -> None:
    with pytest.raises(ValueError, match="cannot serve"):
        idle_drivers(313.0, 120, 0.3, 0.5 * 10 / 30)
