"""Labour: how many drivers work at which rate, and how many wait idle (model 10.4 M3, M4)."""

from functools import lru_cache

import numpy as np
from scipy.special import ndtri

from galleria.agents.drivers.labour import LabourSupply, equilibrium_rate, idle_drivers
from galleria.agents.drivers.shifts import is_willing
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.experiments.verification.findings import Finding, bound, near
from galleria.experiments.verification.registry import row
from galleria.experiments.verification.space_laboratory import Observed
from galleria.experiments.verification.towns import POINTS, at_random, laboratory, town
from galleria.experiments.verification.worlds import market_of

POOL, MEDIAN_USD, SD_LOG = 700, 17.0, 0.4
SUPPLY = LabourSupply(POOL, MEDIAN_USD, SD_LOG)
ORDERS_PER_H = 100.0
TABLE = ((10.5, 95.715, 10.970), (11.55, 103.281, 11.183), (13.5, 116.878, 11.551))
"""Pay of an order, drivers who work, and their rate; 700 drivers of median 17 $/h, 100 orders an hour."""

REGIME = "700 drivers, median 17 $/h, sd .4; 100 orders an hour"
DRIVERS = {f"{pay} $": {"pay_usd": pay, "oracle": drivers} for pay, drivers, _ in TABLE}
RATES = {f"{pay} $": {"pay_usd": pay, "oracle": rate} for pay, _, rate in TABLE}
TWO = tuple(f"{pay} $" for pay in (10.5, 13.5))


def rate_at(pay_usd: float) -> float:
    """Solve for the rate at which the pay of all orders is shared."""
    return equilibrium_rate(SUPPLY, pay_usd * ORDERS_PER_H, 0.0, 1e-6, 1e3)


@row("M3.rate", REGIME, cases=RATES)
def rates(pay_usd: float, oracle: float) -> Finding:
    """Net rate at which pay is shared, $/h."""
    return near(rate_at(pay_usd), oracle, by=1e-3)


@row("M3.drivers", REGIME, cases=DRIVERS)
def drivers(pay_usd: float, oracle: float) -> Finding:
    """Drivers who work at that rate."""
    return near(SUPPLY.drivers(rate_at(pay_usd)), oracle, by=5e-4)


@row("M3.local", f"{REGIME}; pay 10.5 $", oracle="d ln N / d ln p = e / (1 + e)")
def local_law() -> Finding:
    """Growth of drivers by growth of pay: most of a rise brings drivers, not rates (pattern P1)."""
    elasticity, step = SUPPLY.elasticity(rate_at(10.5)), 1e-4
    growth = np.log(SUPPLY.drivers(rate_at(10.5 * np.exp(step))) / SUPPLY.drivers(rate_at(10.5))) / step
    return near(growth, elasticity / (1 + elasticity), share=1e-3)


@row("M3.surplus", f"{REGIME}; pay 10.5 $")
def surplus() -> Finding:
    """Driver surplus an hour, $."""
    return near(SUPPLY.surplus_usd_per_h(rate_at(10.5)), 180.58, by=0.01)


@row("M3.surplus integral", f"{REGIME}; pay 10.5 $", oracle="integral of supply")
def surplus_integral() -> Finding:
    """Driver surplus an hour as the area under supply, $."""
    rate = rate_at(10.5)
    grid = np.linspace(1e-6, rate, 20_001)
    supplied = np.array([SUPPLY.drivers(each) for each in grid.tolist()])
    return near(SUPPLY.surplus_usd_per_h(rate), float(np.trapezoid(supplied, grid)), share=1e-5)


@lru_cache
def learnt(pay_usd: float) -> tuple[float, float]:
    """Let 40 pools learn what orders bring; return drivers and rate."""
    generator, working = np.random.default_rng(103), []
    for _ in range(40):
        reservation = MEDIAN_USD * np.exp(SD_LOG * generator.standard_normal(POOL))
        belief = np.full(POOL, 14.0)
        for _ in range(60):
            willing = int(is_willing(belief, reservation).sum())
            belief += 0.3 * (pay_usd * ORDERS_PER_H / max(willing, 1) - belief)
        working.append(is_willing(belief, reservation).sum())
    return float(np.mean(working)), float(np.mean(pay_usd * ORDERS_PER_H / np.array(working)))


@row("M3.learnt drivers", f"{REGIME}; 40 pools who learn for 60 days; 3 %", cases={k: DRIVERS[k] for k in TWO})
def learnt_drivers(pay_usd: float, oracle: float) -> Finding:
    """Drivers who work after learning."""
    return near(learnt(pay_usd)[0], oracle, share=0.03)


@row("M3.learnt rate", f"{REGIME}; 40 pools who learn for 60 days; 3 %", cases={k: RATES[k] for k in TWO})
def learnt_rate(pay_usd: float, oracle: float) -> Finding:
    """Rate after learning, $/h."""
    return near(learnt(pay_usd)[1], oracle, share=0.03)


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
LEARNING_DAYS, FIRST_BELIEF_USD = 8, 13.0


@lru_cache
def market_at(pay_usd: float) -> tuple[float, float, float, float]:
    """Run the market; give drivers on line, rate in $/h, orders an hour, and drivers on the first day."""
    market = market_of(*STEADY, f"couriers.rival_a.pay.base_usd={pay_usd}")
    quantile = (np.arange(POOL) + 0.5) / POOL
    drawn = np.random.default_rng(104).permutation(MEDIAN_USD * np.exp(SD_LOG * ndtri(quantile)))
    market.world.drivers.reservation_usd_per_h[:] = drawn
    market.world.drivers.belief_usd_per_h[:] = FIRST_BELIEF_USD
    days = []
    for _ in range(market.settings.run.days):
        market.run_for(DAY_S)
        drivers = market.world.drivers
        online_h, net_usd = drivers.online_s_by_hour.sum() / HOUR_S, drivers.net_usd_by_hour.sum()
        days.append((online_h / 24, net_usd / online_h, net_usd / pay_usd / 24))
    online, rate, orders = np.mean(days[LEARNING_DAYS:], axis=0).tolist()
    return online, rate, orders, days[0][0]


MARKET = f"{REGIME}; twelve days of the market from beliefs 2 $/h off; 3 %"


@row(
    "M3.market orders",
    MARKET,
    oracle="set up so",
    quick=False,
    cases={k: {"pay_usd": DRIVERS[k]["pay_usd"]} for k in TWO},
)
def market_orders(pay_usd: float) -> Finding:
    """Orders an hour of the market."""
    return near(market_at(pay_usd)[2], ORDERS_PER_H, share=0.03)


@row("M3.market drivers", MARKET, quick=False, cases={k: DRIVERS[k] for k in TWO})
def market_drivers(pay_usd: float, oracle: float) -> Finding:
    """Drivers on line in the market."""
    return near(market_at(pay_usd)[0], oracle, share=0.03)


@row("M3.market rate", MARKET, quick=False, cases={k: RATES[k] for k in TWO})
def market_rate(pay_usd: float, oracle: float) -> Finding:
    """Net pay of an hour on line in the market, $."""
    return near(market_at(pay_usd)[1], oracle, share=0.03)


@row("M3.market learns", MARKET, oracle="set up so", quick=False, cases={k: DRIVERS[k] for k in TWO})
def market_learns(pay_usd: float, oracle: float) -> Finding:
    """Distance of drivers on the first day from where they settle, as a share."""
    return bound(abs(market_at(pay_usd)[3] / oracle - 1), "at least", 0.1)


M4_TAU_H, M4_SIDE_KM, M4_KM_PER_H = 22.9 / 60, 20.0, 32.0
M4 = ((80, 35.17, 3.96), (100, 56.56, 3.12), (120, 77.32, 2.67))
M4_REGIME = "100 orders an hour on 400 km2, 22.9 min after the pick-up"
IDLE = {f"{number} drivers": {"number": number, "oracle": idle} for number, idle, _ in M4}
MINUTES = {f"{number} drivers": {"number": number, "oracle": minutes} for number, _, minutes in M4}


@row("M4.formula", f"{M4_REGIME}; the oracle's time is rounded, .3 %", cases=IDLE)
def idle_formula(number: int, oracle: float) -> Finding:
    """Idle drivers, larger root of flow balance."""
    pickup_h = float(np.sqrt(np.pi / 8)) * M4_SIDE_KM / M4_KM_PER_H
    return near(idle_drivers(ORDERS_PER_H, number, M4_TAU_H, pickup_h), oracle, share=0.003)


@lru_cache
def serving(number: int, *, redrawn: bool) -> Observed:
    """Let the dispatcher serve the requests of M4."""
    roads = town(M4_SIDE_KM, M4_KM_PER_H, euclid=False)
    lab = laboratory(roads, M4_TAU_H, redraw=np.arange(POINTS) if redrawn else None)
    return at_random(lab, number, ORDERS_PER_H, 12_000 if redrawn else 6000, seed=4)


@row("M4.idle", f"{M4_REGIME}; idle drivers at fresh places; 3 %", quick=False, cases=IDLE)
def idle(number: int, oracle: float) -> Finding:
    """Idle drivers as requests come."""
    seen = serving(number, redrawn=True)
    return near(seen.idle[seen.after(3.0)].mean(), oracle, share=0.03)


@row("M4.pickup", f"{M4_REGIME}; idle drivers at fresh places; 3 %", quick=False, cases=MINUTES)
def pickup(number: int, oracle: float) -> Finding:
    """Minutes to the pick-up."""
    return near(60 * serving(number, redrawn=True).pickup_km(3.0).mean() / M4_KM_PER_H, oracle, share=0.03)


@row("M4.clusters", f"{M4_REGIME}; drivers idle where they dropped", quick=False, cases=MINUTES)
def clustered(number: int, oracle: float) -> Finding:
    """Minutes to the pick-up where idle places cluster: a tenth longer at least."""
    return bound(60 * serving(number, redrawn=False).pickup_km(3.0).mean() / M4_KM_PER_H, "at least", 1.1 * oracle)
