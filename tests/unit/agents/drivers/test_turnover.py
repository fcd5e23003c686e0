"""Turnover: as many pass on as stated, newcomers are new, and arms meet the same."""

import numpy as np
import pytest

from galleria.agents.drivers.driver import Drivers
from galleria.agents.drivers.settings import DriverSettings
from galleria.agents.drivers.turnover import turn_over, wages
from galleria.agents.kernel.arrays import Ints
from galleria.agents.kernel.clock import DAYS_PER_MONTH
from tests.market_worlds import BUSY_TOY, market_of, run_of, settings_of


def settings(share: float = 1 / 6) -> DriverSettings:
    return settings_of(f"drivers.turnover_per_month={share}").drivers


def pool(size: int) -> Drivers:
    drivers = Drivers(size, 2)
    drivers.reservation_usd_per_h[:], drivers.orders[:] = 1.0, 7
    drivers.belief_usd_per_h[:] = np.arange(size)[:, None]
    return drivers


def days_of(drivers: Drivers, days: int, generator: np.random.Generator) -> list[Ints]:
    """Let days pass; return who is new on each."""
    size = len(drivers)
    return [
        turn_over(drivers, settings(), generator.random(size), generator.standard_normal((size, 25)))
        for _ in range(days)
    ]


def test_one_in_six_is_new_after_a_month_and_most_after_a_year() -> None:
    drivers, generator = pool(20_000), np.random.default_rng(1)
    month = np.unique(np.concatenate(days_of(drivers, round(DAYS_PER_MONTH), generator)))
    assert len(month) / 20_000 == pytest.approx(1 / 6, abs=0.01)
    year = np.unique(np.concatenate([month, *days_of(drivers, 335, generator)]))
    assert len(year) / 20_000 == pytest.approx(1 - (5 / 6) ** 12, abs=0.01)


def test_newcomers_ask_as_the_pool_did_and_know_what_it_believes() -> None:
    drivers, generator = pool(20_000), np.random.default_rng(2)
    drivers.in_pool[:], drivers.net_usd_by_week[:] = False, 5.0
    (rows,) = days_of(drivers, 1, generator)
    others = np.setdiff1d(np.arange(20_000), rows)
    assert (drivers.belief_usd_per_h[rows] == np.arange(20_000).mean()).all()
    assert (drivers.orders[rows] - drivers.orders_before[rows] == 0).all()
    assert (drivers.orders_before[others] == 0).all()
    assert drivers.in_pool[rows].all()
    assert not drivers.in_pool[others].any()
    assert (drivers.net_usd_by_week[rows] == 0).all()
    assert (drivers.reservation_usd_per_h[others] == 1.0).all()
    median = np.median(drivers.reservation_usd_per_h[rows])
    assert np.log(median / settings().reservation.median_usd_per_h) == pytest.approx(0, abs=5 * 0.4 / len(rows) ** 0.5)


def test_who_works_or_was_removed_is_not_replaced() -> None:
    drivers = pool(4)
    drivers.online[0] = drivers.busy[1] = drivers.removed[2] = True
    everybody = turn_over(drivers, settings(), np.zeros(4), np.zeros((4, 25)))
    assert everybody.tolist() == [3]
    asked_usd, taste = wages(settings(), np.zeros((1, 25)))
    assert asked_usd[0] == settings().reservation.median_usd_per_h
    assert (taste == 1).all()


def test_markets_with_turnover_pair_and_stay_in_work() -> None:
    """Places that pass on are the same in two arms while off line; the books balance; none without turnover."""
    high = (*BUSY_TOY, "drivers.turnover_per_month=0.6", "run.days=4")
    before = market_of(*high).world.drivers.reservation_usd_per_h
    base, paid = (run_of(*high, *arm)[0].world for arm in ((), ("policy=min_pay_seattle",)))
    changed = base.drivers.reservation_usd_per_h != before
    assert 0.02 < changed.mean() < 0.3
    both = changed & (paid.drivers.reservation_usd_per_h != before)
    assert both.sum() > 0.5 * changed.sum()
    same = base.drivers.reservation_usd_per_h[both] == paid.drivers.reservation_usd_per_h[both]
    assert same.mean() > 0.5
    assert base.ledger.is_balanced
    assert base.drivers.orders.sum() > 50
    still = run_of(*BUSY_TOY, "run.days=4")[0].world.drivers
    np.testing.assert_array_equal(still.reservation_usd_per_h, before)
    assert not still.orders_before.any()
