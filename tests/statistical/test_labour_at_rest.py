"""The labour market of the default town is where pay shares out to those who work for it (model 10.4 M3, pattern P1).

The closed form takes the net pay of all drivers in each hour of the day and their reservation wages, and nothing else
of the run: w N(w) = income. Beliefs, luck, hearsay and shifts of the run must lead there, from above and from below.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pytest

from galleria.agents.drivers.labour import shared_rates
from galleria.agents.drivers.shifts import asks_usd_per_h
from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.models.simulate import open_market
from tests.market_worlds import city_of, settings_of

REPLICATIONS, DAYS = 2, 14
RISE = 1.31
"""Of base pay; it raises net pay of an order by about as much, since tips about pay the driving."""


class Days(NamedTuple):
    """Means a day by hour of day, float64 [24]: hours on line, net pay of all; what drivers ask, float64 [N, 24]."""

    online_h: Floats
    net_usd: Floats
    asks_usd_per_h: Floats

    @property
    def drivers(self) -> float:
        """Mean number on line."""
        return float(self.online_h.sum()) / 24

    @property
    def rate(self) -> float:
        """Net pay of an hour on line, $."""
        return float(self.net_usd.sum() / self.online_h.sum())

    @property
    def settled(self) -> tuple[float, float]:
        """Drivers on line and net pay of an hour at which exactly those work who ask no more, and share the income."""
        income = np.maximum(self.net_usd, 0.0)
        rates = shared_rates(self.asks_usd_per_h, income, np.ones(24))
        hours = np.where(income > 0, income / np.maximum(rates, 1e-9), 0.0)
        return float(hours.sum()) / 24, float(income.sum() / hours.sum())


def days_of(market_settings: tuple[str, ...], replication: int, days: int) -> list[Days]:
    """Run the default town, opened at rest; return its days."""
    settings = settings_of("dispatch=lap", f"run.days={days}", *market_settings)
    market = open_market(settings, city_of(settings.city), replication)
    drivers, seen = market.world.drivers, []
    for _ in range(days):
        market.run_for(DAY_S)
        asks = asks_usd_per_h(drivers, settings.drivers)
        seen.append(Days(drivers.online_s_by_hour.sum(axis=0) / HOUR_S, drivers.net_usd_by_hour.sum(axis=0), asks))
    return seen


def mean_of(days: list[Days]) -> Days:
    online_h, net_usd = (np.mean([each[k] for each in days], axis=0) for k in (0, 1))
    return Days(online_h, net_usd, days[-1].asks_usd_per_h)


@lru_cache
def at_pay(factor: float) -> list[Days]:
    """Return the last week of each replication with base pay times a factor."""
    couriers = settings_of().couriers
    pay = tuple(
        f"couriers.{name}.pay.base_usd={each.trip_pay.base_usd * factor}"
        for name, each in couriers.items()
        if each.by_gig_drivers
    )
    return [mean_of(days_of(pay, replication, DAYS)[-7:]) for replication in range(REPLICATIONS)]


@pytest.mark.parametrize("factor", [1 / RISE, 1.0, RISE])
def test_those_work_whose_ask_the_shared_income_pays(factor: float) -> None:
    weeks = at_pay(factor)
    drivers, rate = np.mean([week.settled for week in weeks], axis=0)
    assert np.mean([week.drivers for week in weeks]) == pytest.approx(drivers, rel=0.05)
    assert np.mean([week.rate for week in weeks]) == pytest.approx(rate, rel=0.05)


@pytest.mark.parametrize(("low", "high"), [(1 / RISE, 1.0), (1.0, RISE)])
def test_more_pay_brings_drivers_more_than_pay_of_an_hour(low: float, high: float) -> None:
    """Each way, most of a change of income is one of drivers: d ln N / d ln income = e / (1 + e), e above 2."""
    before, after = at_pay(low), at_pay(high)
    drivers = np.log(np.mean([week.drivers for week in after]) / np.mean([week.drivers for week in before]))
    rate = np.log(np.mean([week.rate for week in after]) / np.mean([week.rate for week in before]))
    assert drivers > 0
    assert rate > 0
    assert drivers / (drivers + rate) > 2 / 3


def test_p1_pay_of_an_hour_falls_back_within_eight_weeks_of_a_floor() -> None:
    """Of the rise of hourly pay in the first days under a floor on offers, less than half is left after eight weeks."""
    floor = ("policy=min_pay_seattle", "policy.min_pay_seattle.from_day=7", "policy.min_pay_seattle.usd_per_offer=13.5")
    days = days_of(floor, 0, 7 + 56)
    before, first, last = mean_of(days[:7]), mean_of(days[7:9]), mean_of(days[-7:])
    assert first.rate > 1.1 * before.rate
    assert last.rate - before.rate < 0.5 * (first.rate - before.rate)
    assert last.drivers > 1.1 * before.drivers
