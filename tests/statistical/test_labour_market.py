"""The closed forms of model 10.4 M3 and M4 in the market itself: its shifts, offers, dispatcher and roads."""

import numpy as np
import pytest
from scipy.special import ndtri

from agents.drivers.labour import LabourSupply, equilibrium_rate, idle_drivers
from agents.kernel.arrays import Floats
from agents.kernel.clock import DAY_S, HOUR_S
from tests.market_worlds import market_of
from tests.statistical.space import POINTS, at_random, laboratory, town

POOL, MEDIAN_USD, SD_LOG = 700, 17.0, 0.4
STEADY = (
    "city=toy",
    "city.households=400",
    "customers.occasions_per_household_day=8.63",
    f"customers.hour_weights={[1 / 24] * 24}",
    *(f"customers.purposes.{name}.value_of_delivery_time_usd_per_h=0.0" for name in ("whenever", "stock_up", "today")),
    "customers.lateness_weight=0.0",
    "customers.observed_share.mall_direct=0.02",
    "customers.observed_share.warehouse=0.02",
    "customers.observed_share.rival_a=0.60",
    "customers.observed_share.rival_b=0.02",
    "customers.observed_share.store_mall=0.02",
    "customers.observed_share.store_big_box=0.02",
    "customers.observed_share.none=0.30",
    *(f"couriers.{name}.active=false" for name in ("mall_direct", "warehouse", "rival_b")),
    "couriers.rival_a.observed.mall_pickup_share=0.0",
    "couriers.rival_a.tip_usd=0.0",
    "couriers.rival_a.longest_wait_min=60000",
    "retailers.big_box.opens_h=0.0",
    "retailers.big_box.closes_h=24.0",
    "retailers.big_box.pickers=200",
    "retailers.last_order_min=0.0",
    f"drivers.pool={POOL}",
    f"drivers.reservation.median_usd_per_h={MEDIAN_USD}",
    f"drivers.reservation.sd_log={SD_LOG}",
    "drivers.reservation.hourly_sd_log=0.0",
    "drivers.cost_usd_per_km=0.0",
    "dispatch=lap",
    "dispatch.interval_s=60",
    "policy=data_sharing",
    "run.days=12",
)
"""About a hundred orders an hour, day and night, whatever drivers do; all drivers learn what all earned."""
LEARNING_DAYS = 8


def days_of_work(pay_usd: float) -> Floats:
    """Run the market; give drivers on line, rate in $/h and orders an hour of each day."""
    market = market_of(*STEADY, f"couriers.rival_a.pay.base_usd={pay_usd}")
    quantile = (np.arange(POOL) + 0.5) / POOL
    drawn = np.random.default_rng(104).permutation(MEDIAN_USD * np.exp(SD_LOG * ndtri(quantile)))
    market.world.drivers.reservation_usd_per_h[:] = drawn
    market.world.drivers.belief_usd_per_h[:] = 13.0
    days = []
    for _ in range(market.settings.run.days):
        market.run_for(DAY_S)
        drivers = market.world.drivers
        online_h, net_usd = drivers.online_s_by_hour.sum() / HOUR_S, drivers.net_usd_by_hour.sum()
        days.append((online_h / 24, net_usd / online_h, net_usd / pay_usd / 24))
    return np.array(days)


@pytest.mark.parametrize(("pay_usd", "drivers", "rate"), [(10.5, 95.715, 10.970), (13.5, 116.878, 11.551)])
def test_m3_the_market_settles_at_the_labour_equilibrium(pay_usd: float, drivers: float, rate: float) -> None:
    """From beliefs 2 $/h off; the closed form at the flow of orders that came, and the oracle of 100 orders/h: 3 %."""
    days = days_of_work(pay_usd)
    seen_drivers, seen_rate, orders_per_h = days[LEARNING_DAYS:].mean(axis=0)
    supply = LabourSupply(POOL, MEDIAN_USD, SD_LOG)
    expected = equilibrium_rate(supply, pay_usd * orders_per_h, 0.0, 1e-6, 1e3)
    assert seen_rate == pytest.approx(expected, rel=0.03)
    assert seen_drivers == pytest.approx(supply.drivers(expected), rel=0.03)
    assert orders_per_h == pytest.approx(100, rel=0.03)
    assert seen_rate == pytest.approx(rate, rel=0.03)
    assert seen_drivers == pytest.approx(drivers, rel=0.03)
    assert abs(days[0, 0] / drivers - 1) > 0.1


M4_TAU_H, M4_SIDE_KM, M4_KM_PER_H = 22.9 / 60, 20.0, 32.0


@pytest.mark.parametrize(("drivers", "idle", "pickup_min"), [(80, 35.17, 3.96), (100, 56.56, 3.12), (120, 77.32, 2.67)])
def test_m4_the_dispatcher_leaves_as_many_idle_as_flow_balance_says(
    drivers: int, idle: float, pickup_min: float
) -> None:
    """100 orders/h on 400 km2, idle drivers drawn anew: the oracle, 3 %; longer where they idle where they dropped."""
    roads = town(M4_SIDE_KM, M4_KM_PER_H, euclid=False)
    pickup_h = float(np.sqrt(np.pi / 8)) * M4_SIDE_KM / M4_KM_PER_H
    assert idle_drivers(100.0, drivers, M4_TAU_H, pickup_h) == pytest.approx(idle, rel=0.003)
    redrawn = at_random(laboratory(roads, M4_TAU_H, redraw=np.arange(POINTS)), drivers, 100.0, 12_000, seed=4)
    after = redrawn.after(3.0)
    seen_min = 60 * float(redrawn.pickup_km(3.0).mean()) / M4_KM_PER_H
    assert float(redrawn.idle[after].mean()) == pytest.approx(idle, rel=0.03)
    assert seen_min == pytest.approx(pickup_min, rel=0.03)
    staying = at_random(laboratory(roads, M4_TAU_H), drivers, 100.0, 6000, seed=4)
    assert 60 * float(staying.pickup_km(3.0).mean()) / M4_KM_PER_H > 1.1 * pickup_min
