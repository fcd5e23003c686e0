"""The labour market of model 10.4 M3 and M4: the oracle's numbers, the local law, the backward-bending curve."""

import numpy as np
import pytest

from agents.drivers.labour import (
    LabourSupply,
    equilibrium_rate,
    idle_at_most_throughput,
    idle_drivers,
    throughput_per_h,
)

SUPPLY = LabourSupply(pool=700, median_usd_per_h=17.0, sd_log=0.4)
ORDERS_PER_H = 100.0
PICKUP_H = np.sqrt(np.pi / 8) * 20 / 32
BUSY_H = 22.9 / 60


def rate_at(pay_usd: float) -> float:
    return equilibrium_rate(SUPPLY, pay_usd * ORDERS_PER_H, 0.0, 1e-6, 1e3)


@pytest.mark.parametrize(
    ("pay_usd", "drivers", "rate"), [(10.5, 95.715, 10.970), (11.55, 103.281, 11.183), (13.5, 116.878, 11.551)]
)
def test_drivers_and_their_rate_are_the_oracle(pay_usd: float, drivers: float, rate: float) -> None:
    found = rate_at(pay_usd)
    assert found == pytest.approx(rate, abs=1e-3)
    assert SUPPLY.drivers(found) == pytest.approx(drivers, abs=5e-4)
    assert SUPPLY.drivers(found) * found == pytest.approx(pay_usd * ORDERS_PER_H)


def test_a_rise_of_pay_goes_mostly_to_more_drivers() -> None:
    """By d ln N / d ln p = e / (1 + e), so hourly earnings mostly revert (pattern P1)."""
    elasticity = SUPPLY.elasticity(rate_at(10.5))
    assert elasticity == pytest.approx(4.00, abs=0.01)
    step = 1e-4
    growth = np.log(SUPPLY.drivers(rate_at(10.5 * np.exp(step))) / SUPPLY.drivers(rate_at(10.5))) / step
    assert growth == pytest.approx(elasticity / (1 + elasticity), rel=1e-3)


def test_surplus_is_the_integral_of_supply() -> None:
    rate = rate_at(10.5)
    grid = np.linspace(1e-6, rate, 20_001)
    supplied = np.array([SUPPLY.drivers(each) for each in grid.tolist()])
    assert SUPPLY.surplus_usd_per_h(rate) == pytest.approx(180.58, abs=0.01)
    assert SUPPLY.surplus_usd_per_h(rate) == pytest.approx(float(np.trapezoid(supplied, grid)), rel=1e-5)


def test_costs_are_paid_from_the_income() -> None:
    rate = equilibrium_rate(SUPPLY, 1050.0, 2.0, 1e-6, 1e3)
    assert SUPPLY.drivers(rate) * (rate + 2.0) == pytest.approx(1050.0)
    assert rate < rate_at(10.5)


def test_without_income_nobody_works_and_nobody_earns_more_than_the_most() -> None:
    assert equilibrium_rate(SUPPLY, 0.0, 0.0, 1e-6, 1e3) == 0.0
    assert equilibrium_rate(LabourSupply(1, 17.0, 0.4), 1050.0, 0.0, 1e-6, 25.0) == 25.0


@pytest.mark.parametrize(("drivers", "idle", "pickup_min"), [(80, 35.17, 3.96), (100, 56.56, 3.12), (120, 77.32, 2.67)])
def test_idle_drivers_are_the_oracle(drivers: float, idle: float, pickup_min: float) -> None:
    """The oracle's trip time is rounded to 0.1 min, which moves the idle by 0.2 %."""
    found = idle_drivers(ORDERS_PER_H, drivers, BUSY_H, PICKUP_H)
    assert found == pytest.approx(idle, rel=0.003)
    assert 60 * PICKUP_H / np.sqrt(found) == pytest.approx(pickup_min, abs=0.006)
    assert throughput_per_h(np.array(found), drivers, BUSY_H, PICKUP_H) == pytest.approx(ORDERS_PER_H)


def test_throughput_bends_back() -> None:
    """Oracle A of model 10.3."""
    peak = idle_at_most_throughput(120, 0.3, 0.5 * 10 / 30)
    assert peak == pytest.approx(8.7801, abs=1e-4)
    assert throughput_per_h(np.array(peak), 120, 0.3, 0.5 * 10 / 30) == pytest.approx(312.199, abs=1e-3)
    with pytest.raises(ValueError, match="cannot serve"):
        idle_drivers(313.0, 120, 0.3, 0.5 * 10 / 30)
