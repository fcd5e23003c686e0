"""Arrivals and intervals: shoppers come as a Poisson process, orders wait half a dispatch interval (Q4, Q5)."""

from functools import lru_cache

import numpy as np
from scipy import stats

from galleria.agents.kernel.arrays import Floats
from galleria.experiments.verification.findings import Finding, bound, near, none_of, p_value
from galleria.experiments.verification.registry import row
from galleria.experiments.verification.worlds import market_of, run_of
from galleria.models.demand.draw import draw_occasions

HOUSEHOLDS, DAYS = 4000, 60

ALWAYS_A_DRIVER = (
    "city=toy",
    "city.households=400",
    "customers.occasions_per_household_day=3.0",
    "customers.observed_share.mall_direct=0.20",
    "customers.observed_share.warehouse=0.10",
    "customers.observed_share.rival_a=0.20",
    "customers.observed_share.rival_b=0.15",
    "customers.observed_share.store_mall=0.10",
    "customers.observed_share.store_big_box=0.10",
    "customers.observed_share.none=0.15",
    "drivers.pool=400",
    "drivers.reservation.median_usd_per_h=0.1",
    "drivers.acceptance_scale_usd=0.0",
    "dispatch.lookahead_min=600.0",
)
"""Drivers who work for next to nothing and are sent at once: an order waits for the interval and nothing else."""


def delay_s(*overrides: str) -> Floats:
    """Run the market of idle drivers; return how long orders waited that were accepted at the first offer, s."""
    market, _ = run_of(*ALWAYS_A_DRIVER, *overrides)
    orders = market.world.orders
    rows = np.flatnonzero((orders.driver[: orders.count] >= 0) & (orders.offers[: orders.count] == 1))
    if len(rows) < 300:
        raise ValueError(f"only {len(rows)} orders were accepted at the first offer")
    return np.asarray(orders.accepted_s[rows] - orders.placed_s[rows])


@row("Q4", "a driver is always idle", cases={"30 s": {"interval_s": 30}, "60 s": {"interval_s": 60}})
def interval_fit(interval_s: int) -> Finding:
    """Fit of waits for the interval to the uniform distribution, Kolmogorov and Smirnov."""
    waited = delay_s("dispatch=lap", f"dispatch.interval_s={interval_s}")
    return p_value(lambda: float(stats.kstest(waited, stats.uniform(0, interval_s).cdf).pvalue))


@row("Q4.mean", "a driver is always idle; interval 60 s")
def interval_mean() -> Finding:
    """Mean wait for the interval, s."""
    waited = delay_s("dispatch=lap", "dispatch.interval_s=60")
    error = 60 / np.sqrt(12 * len(waited))
    return near(waited.mean(), 30, by=4 * error, error=error)


@row("Q4.none", "a driver is always idle; dispatch at each event")
def no_interval() -> Finding:
    """Orders that wait although nothing makes them."""
    return none_of(delay_s("dispatch.interval_s=0", "dispatch=nearest_immediate") != 0)


@lru_cache
def arrivals() -> tuple[list[Floats], Floats]:
    """Draw days of arrivals, s, and the hourly rates they should have."""
    market = market_of("city=toy", f"city.households={HOUSEHOLDS}", "run.seed=5")
    settings, world = market.settings, market.world
    drawn = [
        draw_occasions(
            settings.customers,
            settings.retailers,
            world.households,
            day,
            world.streams,
            world.channels.names,
            world.channels.nests,
        ).arrive_s
        - 86_400 * day
        for day in range(DAYS)
    ]
    per_day = HOUSEHOLDS * settings.customers.occasions_per_household_day
    return drawn, per_day * np.array(settings.customers.hour_weights)


@row("Q5", "any hourly rates; time counted by the cumulated rate")
def gaps() -> Finding:
    """Fit of gaps between arrivals to the exponential distribution, Kolmogorov and Smirnov."""
    days, rate = arrivals()
    cumulated = np.concatenate([[0], np.cumsum(rate)])
    gap = [np.diff(np.interp(day / 3600, np.arange(25), cumulated)) for day in days[:20]]
    return p_value(lambda: float(stats.kstest(np.concatenate(gap), "expon").pvalue))


@row("Q5.hours", "hours with more than ten arrivals expected; both tails")
def hours() -> Finding:
    """Fit of counts an hour to the Poisson distribution, chi squared."""
    days, rate = arrivals()
    count = np.array([np.bincount((day // 3600).astype(int), minlength=24) for day in days])
    busy = rate > 10
    chi2 = ((count[:, busy] - rate[busy]) ** 2 / rate[busy]).sum()
    tail = float(stats.chi2.sf(chi2, busy.sum() * len(days)))
    return bound(min(tail, 1 - tail), "at least", 1e-3)


@row("Q5.days", "60 days")
def arrivals_a_day() -> Finding:
    """Mean arrivals a day."""
    days, rate = arrivals()
    count = np.array([len(day) for day in days], float)
    error = np.sqrt(rate.sum() / len(count))
    return near(count.mean(), rate.sum(), by=4 * error, error=error)


@row("Q5.memory", "60 days")
def independence() -> Finding:
    """Correlation of a day's arrivals with those of the day before."""
    count = np.array([len(day) for day in arrivals()[0]], float)
    error = 1 / np.sqrt(len(count))
    return near(np.corrcoef(count[1:], count[:-1])[0, 1], 0, by=4 * error, error=error)
