"""Days of warming up: the run is the same, and measures are of the days after."""

import numpy as np
import pytest

from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.agents.kernel.order import Status
from galleria.models.market import Market
from galleria.models.measures.outcome import Outcome
from galleria.models.measures.start import forgone_usd
from tests.market_worlds import BUSY_TOY, market_of

NIGHT = ("retailers.mall.closes_h=24", "retailers.big_box.closes_h=24", "retailers.last_order_min=0")
WORLD = (
    *BUSY_TOY,
    *NIGHT,
    "run.days=3",
    "run.tables=all",
    "drivers.app_cost_usd_per_h=0.5",
    "drivers.log_on_cost_usd=1",
)


def run(*overrides: str) -> tuple[Market, Outcome]:
    market = market_of(*WORLD, *overrides)
    return market, market.run()


@pytest.fixture(scope="module")
def whole() -> tuple[Market, Outcome]:
    return run()


@pytest.fixture(scope="module")
def later() -> tuple[Market, Outcome]:
    return run("run.warmup_days=1")


def test_warming_up_changes_nothing_but_what_is_measured(
    whole: tuple[Market, Outcome], later: tuple[Market, Outcome]
) -> None:
    for name, table in whole[1].tables.items():
        assert table.equals(later[1].tables[name]), name
    assert not whole[1].metrics.equals(later[1].metrics)


def test_measured_days_and_days_before_add_up(whole: tuple[Market, Outcome], later: tuple[Market, Outcome]) -> None:
    """Some orders of the first day are under way at midnight, and belong to it."""
    all_days, since = whole[0].evidence(), later[0].evidence()
    orders, first = whole[0].world.orders, later[0]._start
    assert first is not None
    earlier = np.arange(first.orders)
    assert (orders.day[earlier] == 0).all()
    assert (orders.day[first.orders : orders.count] > 0).all()
    ended = earlier[orders.status[earlier] == Status.DELIVERED]
    assert (orders.delivered_s[ended] > DAY_S).any()
    for leg, column in (("tip", orders.tip_usd), ("pay", orders.pay_usd), ("fee", orders.fee_usd)):
        moved = all_days.ledger.posted_usd(leg) - since.ledger.posted_usd(leg)
        assert moved == pytest.approx(column[ended].sum(), abs=0.01), leg
    assert since.ledger.is_balanced
    assert since.drivers.orders.sum() == len(since.gig)
    assert since.drivers.pickup_km.sum() <= since.orders.pickup_km[: since.orders.count].sum() + 1e-9


def test_clocks_of_measured_days_add_up(later: tuple[Market, Outcome]) -> None:
    """To the second, for each driver, whatever was under way at midnight."""
    since = later[0].evidence().drivers
    states_s = since.idle_s + since.to_pickup_s + since.at_store_s + since.to_door_s + since.at_door_s
    np.testing.assert_allclose(states_s, since.online_s, atol=1e-5)
    assert (since.online_s >= -1e-5).all()


def test_welfare_of_measured_days_is_the_sum_of_its_parts(later: tuple[Market, Outcome]) -> None:
    value = later[1].metrics.set_index("metric")["value"]
    assert value["orders_placed"] * 2 == (later[1].tables["orders"]["day"] > 0).sum()
    assert value["occasions"] * 2 == later[1].tables["days"]["occasions"].iloc[1:].sum()
    hours = sum(value[f"driver_h_{state}"] for state in ("idle", "to_pickup", "at_store", "to_door", "at_door"))
    assert hours == pytest.approx(value["drivers_online_mean"] * 24)


def test_wages_are_forgone_hour_by_hour_until_a_trip_ends() -> None:
    drivers = market_of("city=toy", "drivers.pool=3").world.drivers
    drivers.reservation_usd_per_h[:] = 10.0
    drivers.hourly_taste[:] = 1.0
    drivers.hourly_taste[:, 1] = 2.0
    until_s = DAY_S + np.array([0.5, 1.5, 9.0]) * HOUR_S
    assert forgone_usd(drivers, np.array([0, 1]), DAY_S, until_s).tolist() == [5.0, 20.0, 0.0]


def test_all_days_cannot_be_warming_up() -> None:
    with pytest.raises(ValueError, match=r"warmup_days \(2\) must be fewer than days \(2\)"):
        market_of("city=toy", "run.days=2", "run.warmup_days=2")
