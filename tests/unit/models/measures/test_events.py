"""The event log alone tells what became of orders and drivers, is in the order of time, and changes nothing."""

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest

from galleria.agents.kernel.order import Status
from galleria.models.market import Market
from galleria.models.measures.events import EVENTS
from galleria.models.measures.outcome import Outcome
from tests.market_worlds import BUSY_TOY, market_of, run_of

TOWN = (*BUSY_TOY, "city.households=3000", "drivers.pool=80")
WORLDS = {
    "bundles": TOWN,
    "singly": (*TOWN, "dispatch=lap", "couriers.mall_direct.patience_h=0.1", "retailers.stock.record_error=0.1"),
    "moment": (*TOWN, "dispatch=nearest_immediate", "dispatch.interval_s=0"),
    "movers": (*TOWN, "market=full", "run.days=2", "drivers.relocation.theta_per_usd=0.5", "retailers.kerb.slots=2"),
}


@lru_cache
def recorded(world: str) -> tuple[Market, Outcome]:
    return run_of("run.record=true", *WORLDS[world])


def log_of(world: str) -> pd.DataFrame:
    return recorded(world)[1].tables["events"]


def by_driver(log: pd.DataFrame, kind: str, column: str, drivers: int) -> "pd.Series[float]":
    return log[log["event"] == kind].groupby("driver")[column].sum().reindex(range(drivers), fill_value=0.0)


@pytest.mark.parametrize("world", WORLDS)
def test_the_log_alone_tells_what_became_of_orders(world: str) -> None:
    orders, log = recorded(world)[0].world.orders, log_of(world)
    count = log["event"].value_counts()
    status = np.bincount(orders.status[: orders.count], minlength=len(Status))
    assert count["placed"] == orders.count > 200
    assert count["delivered"] == status[Status.DELIVERED]
    assert count["cancelled"] == status[Status.CANCELLED]
    open_now = count["placed"] - count["delivered"] - count["cancelled"]
    assert open_now == status[Status.OPEN]
    by_courier = log[log["event"] == "placed"]["courier"].value_counts()
    for number, courier in enumerate(recorded(world)[0].world.couriers):
        assert by_courier[courier.name] == (orders.courier[: orders.count] == number).sum()
    assert (log["event"] == "cancelled").any() == (world == "singly")


@pytest.mark.parametrize("world", WORLDS)
def test_the_log_alone_tells_drivers_hours_and_km(world: str) -> None:
    drivers, log = recorded(world)[0].world.drivers, log_of(world)
    n = len(drivers)
    online_s = by_driver(log, "logged_off", "time_s", n) - by_driver(log, "logged_on", "time_s", n)
    np.testing.assert_allclose(online_s, drivers.online_s, atol=1e-6)
    for kind, column in (("arrived", "pickup_km"), ("delivered", "loaded_km"), ("moved", "relocate_km")):
        np.testing.assert_allclose(by_driver(log, kind, "km", n), getattr(drivers, column), atol=1e-9)
    assert (drivers.relocate_km.sum() > 0) == (world == "movers")


@pytest.mark.parametrize("world", WORLDS)
def test_events_follow_each_other(world: str) -> None:
    log = log_of(world)
    assert log["time_s"].is_monotonic_increasing
    assert list(log["event"].cat.categories) == list(EVENTS)
    first = log.drop_duplicates(["order", "event"]).pivot_table(
        index="order", columns="event", values="time_s", observed=True
    )
    for earlier, later in (
        ("placed", "packed"),
        ("placed", "offered"),
        ("offered", "declined"),
        ("offered", "accepted"),
        ("accepted", "arrived"),
        ("arrived", "picked_up"),
        ("packed", "picked_up"),
        ("picked_up", "delivered"),
        ("placed", "cancelled"),
    ):
        if earlier in first and later in first:
            both = first[[earlier, later]].dropna()
            assert (both[earlier] <= both[later] + 1e-6).all(), (earlier, later)


@pytest.mark.parametrize("world", WORLDS)
def test_every_order_with_a_driver_was_offered_and_not_declined_by_that_driver_last(world: str) -> None:
    log = log_of(world)
    asked = log[log["event"].isin(["offered", "declined"])]
    said_no = log[log["event"] == "declined"]
    taken = log[log["event"] == "accepted"].set_index("order")
    last = asked.drop_duplicates("order", keep="last").set_index("order").loc[taken.index]
    assert (last["event"] == "offered").all()
    assert (last["driver"] == taken["driver"]).all()
    assert (last["place"] == taken["place"]).all()
    assert len(asked) - len(said_no) == len(said_no) + len(taken)


@pytest.mark.parametrize("world", ["bundles", "movers"])
def test_drivers_are_where_the_event_before_left_them(world: str) -> None:
    """An empty way begins at the place of the last log-on, door or end of a move."""
    log = log_of(world)
    stays = {"logged_on", "moved", "delivered"}
    mine = log[(log["driver"] >= 0) & log["event"].isin({*stays, "accepted", "moving"})]
    mine = mine.sort_values(["driver", "time_s"], kind="stable")
    before = mine.shift()
    goes = (
        mine["event"].isin(["accepted", "moving"]) & before["event"].isin(stays) & (mine["driver"] == before["driver"])
    )
    assert goes.sum() > 100
    assert (mine["place"][goes] == before["place"][goes]).all()


def test_recording_changes_nothing_and_nothing_is_recorded_otherwise() -> None:
    plain, with_log = run_of(*WORLDS["bundles"])[1], recorded("bundles")[1]
    pd.testing.assert_frame_equal(plain.metrics, with_log.metrics)
    pd.testing.assert_frame_equal(plain.tables["orders"], with_log.tables["orders"])
    assert set(with_log.tables) - set(plain.tables) == {"events"}
    market = market_of(*BUSY_TOY)
    assert market.world.orders.journal is None
    assert market.world.drivers.journal is None
