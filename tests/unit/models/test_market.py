"""Identities that hold in every run, and that the market notices when they do not (model 10.1)."""

import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from galleria.agents.kernel.order import Status
from galleria.models.measures.invariants import InvariantError, check_clocks
from galleria.models.measures.outcome import Outcome
from galleria.models.streams import Streams
from tests.market_worlds import BUSY_TOY, market_of, run_of

if TYPE_CHECKING:
    import pandas as pd

TWO_DAYS = (*BUSY_TOY, "run.days=2")


def digest(outcome: Outcome) -> dict[str, str]:
    """Digest every table bit for bit."""
    frames: dict[str, pd.DataFrame] = {"metrics": outcome.metrics, **outcome.tables}
    return {
        name: hashlib.sha256(b"".join(map(_bytes, dict(frame.items()).values()))).hexdigest()
        for name, frame in frames.items()
    }


def _bytes(column: "pd.Series[float]") -> bytes:
    values = column.to_numpy()
    return "|".join(map(str, values)).encode() if values.dtype == object else values.tobytes()


def test_orders_are_conserved() -> None:
    market, outcome = run_of(*TWO_DAYS)
    value = outcome.metrics.set_index("metric")["value"]
    assert value["orders_placed"] == pytest.approx(
        value["orders_delivered"] + value["orders_cancelled"] + value["orders_open"], abs=1e-12
    )
    assert market.world.orders.count == value["orders_placed"] * 2 > 200


def test_times_follow_each_other() -> None:
    """Placed, accepted, arrived, picked (not before it is ready), delivered (model L5)."""
    market, _ = run_of(*TWO_DAYS)
    orders, rows = market.world.orders, np.flatnonzero(market.world.orders.driver[: market.world.orders.count] >= 0)
    assert len(rows) > 20
    chain = [getattr(orders, f"{name}_s")[rows] for name in ("placed", "accepted", "arrived", "picked", "delivered")]
    for earlier, later in pairwise(chain):
        assert (earlier <= later).all()
    handover_s = market.settings.retailers.handover_min * 60
    assert (orders.picked_s[rows] >= orders.ready_s[rows] + handover_s - 1e-6).all()
    assert (orders.ready_s[rows] > orders.placed_s[rows]).all()


def test_nobody_is_on_two_trips_at_once() -> None:
    market, _ = run_of(*TWO_DAYS)
    orders, rows = market.world.orders, np.flatnonzero(market.world.orders.driver[: market.world.orders.count] >= 0)
    trip = orders.trip[rows]
    starts_s, ends_s = np.full(trip.max() + 1, np.inf), np.zeros(trip.max() + 1)
    np.minimum.at(starts_s, trip, orders.accepted_s[rows])
    np.maximum.at(ends_s, trip, orders.delivered_s[rows])
    driver = np.zeros(len(starts_s), np.int64)
    driver[trip] = orders.driver[rows]
    by_driver = np.lexsort((starts_s, driver))
    same = driver[by_driver][1:] == driver[by_driver][:-1]
    assert same.any()
    assert (starts_s[by_driver][1:][same] >= ends_s[by_driver][:-1][same] - 1e-6).all()


def test_clocks_and_kilometres_add_up() -> None:
    market, _ = run_of(*TWO_DAYS)
    drivers, orders = market.world.drivers, market.world.orders
    check_clocks(drivers)
    rows = np.flatnonzero(orders.driver[: orders.count] >= 0)
    for name in ("pickup_km", "loaded_km"):
        driven = np.bincount(orders.driver[rows], getattr(orders, name)[rows], minlength=len(drivers))
        np.testing.assert_allclose(driven, getattr(drivers, name))
    assert drivers.orders.sum() == (orders.status[rows] == Status.DELIVERED).sum()


def test_a_clock_that_is_wrong_is_noticed() -> None:
    market = market_of(*BUSY_TOY)
    market.run()
    market.world.drivers.at_store_s[0] += 1
    with pytest.raises(InvariantError, match="clock of driver 0"):
        check_clocks(market.world.drivers)


def test_a_posting_with_one_side_is_noticed() -> None:
    market = market_of(*BUSY_TOY)
    market.step()
    market.world.ledger.balance[0] += 1
    with pytest.raises(InvariantError, match="does not sum to zero"):
        market.step()


def test_a_lost_order_is_noticed() -> None:
    market = market_of(*BUSY_TOY)
    while not market.world.orders.count:
        market.step()
    market.world.orders.count += 1
    with pytest.raises(InvariantError, match="orders are lost"):
        market.step()


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    base = digest(run_of(*TWO_DAYS)[1])
    assert base == digest(market_of("run.tables=all", *TWO_DAYS).run())
    for other in (
        market_of("run.tables=all", "run.seed=7", *TWO_DAYS),
        market_of("run.tables=all", *TWO_DAYS, replication=1),
    ):
        changed = digest(other.run())
        assert all(changed[name] != base[name] for name in base if name != "zone_names")


def test_a_policy_that_changes_nothing_changes_no_bit() -> None:
    assert digest(run_of(*TWO_DAYS, "policy=neutral")[1]) == digest(run_of(*TWO_DAYS)[1])


def test_a_stream_that_others_do_not_read_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Streams.generator

    def and_one_more(self: Streams, stream: int, *entity: int | str) -> np.random.Generator:
        made(self, 999, "unused").random(10)  # type: ignore[arg-type]  # a stream that does not exist yet
        return made(self, stream, *entity)  # type: ignore[arg-type]

    monkeypatch.setattr(Streams, "generator", and_one_more)
    assert digest(market_of("run.tables=all", *TWO_DAYS).run()) == digest(run_of(*TWO_DAYS)[1])


@pytest.mark.parametrize(
    "point",
    [
        ("drivers.pool=5",),
        ("retailers.opt_in.share=1.0",),
        ("couriers.mall_direct.fee_usd=9.0", "couriers.rival_a.active=false"),
        ("dispatch=nearest_immediate", "traffic=free_flow"),
    ],
)
def test_every_design_point_meets_the_same_shoppers(point: tuple[str, ...]) -> None:
    base, other = market_of(*BUSY_TOY), market_of(*BUSY_TOY, *point)
    for market in (base, other):
        market.open_day(0)
    drawn = ("arrive_s", "household", "purpose", "delay_usd_per_h", "basket_usd", "category", "store_pick")
    for name in (*drawn, "source_pick", "picking_s", "noise"):
        mine, theirs = getattr(base.today.occasions, name), getattr(other.today.occasions, name)
        np.testing.assert_array_equal(mine, theirs, name)
    for name in ("home", "price_sensitivity", "travel_usd_per_h"):
        np.testing.assert_array_equal(getattr(base.world.households, name), getattr(other.world.households, name), name)


def test_shoppers_whose_offers_did_not_change_choose_alike() -> None:
    """A dearer mall-direct loses customers and no other channel does."""
    chosen = [
        np.concatenate([record.choice for record in run_of(*BUSY_TOY, *each)[0].world.memory.days])
        for each in ((), ("couriers.mall_direct.fee_usd=12.0",))
    ]
    moved = chosen[0] != chosen[1]
    assert 0 < moved.sum() < 0.1 * len(moved)
    assert (chosen[0][moved] == 0).mean() > 0.7


def test_without_couriers_people_still_shop() -> None:
    off = [f"couriers.{name}.active=false" for name in ("mall_direct", "warehouse", "rival_a", "rival_b")]
    market, outcome = run_of(*BUSY_TOY, *off)
    value = outcome.metrics.set_index("metric")["value"]
    assert market.world.orders.count == 0
    assert value["mall_visits"] > 0
    assert value["opt_in_share"] == 0
    assert value["driver_surplus_usd"] == 0


def test_without_drivers_orders_are_cancelled_and_nobody_gains_by_it() -> None:
    """Nobody works for less than 500 $/h: customers wait in vain, which costs them, and are refunded."""
    market, outcome = run_of(*BUSY_TOY, "drivers.reservation.median_usd_per_h=500", "drivers.reservation.sd_log=0")
    value = outcome.metrics.set_index("metric")["value"]
    assert value["orders_cancelled"] > 0
    assert np.isnan(value["delivery_min_mean"])
    assert market.world.ledger.total_usd("driver") == 0
    cancelled = market.world.orders.status[: market.world.orders.count] == Status.CANCELLED
    assert (market.world.orders.value_usd[: market.world.orders.count][cancelled] > 0).all()
    assert (market.world.orders.driver[: market.world.orders.count][cancelled] == -1).all()


def test_idle_intervals_are_skipped() -> None:
    market = market_of("city=toy", "city.households=20")
    market.run_for(86_400)
    assert market.steps < 1000
