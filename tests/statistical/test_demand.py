"""Arrivals are a Poisson process with hourly rates (model Q5)."""

import numpy as np
from scipy import stats

from models.demand.draw import draw_occasions
from tests.market_worlds import market_of

P_VALUE = 1e-3
HOUSEHOLDS = 4000


def arrivals(days: int) -> tuple[list[np.ndarray], np.ndarray]:
    """Draw days of arrivals, and the hourly rates they should have."""
    market = market_of("city=toy", f"city.households={HOUSEHOLDS}", "run.seed=5")
    settings = market.settings
    drawn = [
        draw_occasions(
            settings.customers,
            settings.retailers,
            market.world.households,
            day,
            market.world.streams,
            market.world.channels.names,
            market.world.channels.nests,
        ).arrive_s
        - 86_400 * day
        for day in range(days)
    ]
    per_day = HOUSEHOLDS * settings.customers.occasions_per_household_day
    return drawn, per_day * np.array(settings.customers.hour_weights)


def test_in_the_time_of_the_cumulated_rate_gaps_are_exponential() -> None:
    days, rate = arrivals(20)
    cumulated = np.concatenate([[0], np.cumsum(rate)])
    gaps = [np.diff(np.interp(day / 3600, np.arange(25), cumulated)) for day in days]
    assert stats.kstest(np.concatenate(gaps), "expon").pvalue > P_VALUE


def test_hours_count_poisson() -> None:
    days, rate = arrivals(60)
    count = np.array([np.bincount((day // 3600).astype(int), minlength=24) for day in days])
    busy = rate > 10
    chi2 = ((count[:, busy] - rate[busy]) ** 2 / rate[busy]).sum()
    assert P_VALUE < stats.chi2.sf(chi2, busy.sum() * len(days)) < 1 - P_VALUE


def test_days_are_independent_of_each_other() -> None:
    days, rate = arrivals(60)
    count = np.array([len(day) for day in days], float)
    total = rate.sum()
    assert abs(count.mean() - total) < 4 * np.sqrt(total / len(count))
    assert abs(np.corrcoef(count[1:], count[:-1])[0, 1]) < 4 / np.sqrt(len(count))
