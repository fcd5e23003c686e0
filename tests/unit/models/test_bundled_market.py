"""Whole days under each dispatch rule: the identities hold, nobody is in two places, bundles save kilometres."""

from itertools import pairwise

import numpy as np
import pytest

from galleria.agents.kernel.order import Status
from galleria.models.market import Market
from tests.market_worlds import run_of

BUSY = (
    "city=grid",
    "city.nodes_per_side=9",
    "city.spacing_km=1.0",
    "city.households=600",
    "city.home_places=60",
    "city.big_boxes.rows=1",
    "city.big_boxes.columns=1",
    "customers.occasions_per_household_day=6.0",
    "drivers.pool=60",
    "drivers.acceptance_scale_usd=3.0",
)
RULES = ("nearest_immediate", "fcfs", "nearest_waiting", "greedy", "lap", "lap_bundled", "mall_bundled", "lap_radius")


def market_by(*overrides: str) -> Market:
    return run_of(*BUSY, *overrides)[0]


@pytest.mark.parametrize("rule", RULES)
def test_no_driver_is_in_two_places_and_causes_come_before_effects(rule: str) -> None:
    """The checks of invariants.py run inside; this one follows the trips of each driver."""
    orders = market_by(f"dispatch={rule}").world.orders
    rows = np.flatnonzero((orders.driver[: orders.count] >= 0) & (orders.status[: orders.count] == Status.DELIVERED))
    assert len(rows) > 40
    for name, later in (("placed_s", "accepted_s"), ("accepted_s", "arrived_s"), ("picked_s", "delivered_s")):
        assert (getattr(orders, name)[rows] <= getattr(orders, later)[rows]).all()
    assert (orders.picked_s[rows] >= orders.ready_s[rows]).all()
    trips = {int(trip): rows[orders.trip[rows] == trip] for trip in np.unique(orders.trip[rows])}
    by_driver: dict[int, list[tuple[float, float]]] = {}
    for members in trips.values():
        assert (orders.bundle[members] == len(members)).all()
        for name in ("driver", "origin", "courier", "picked_s"):
            assert len(np.unique(getattr(orders, name)[members])) == 1
        span = (float(orders.accepted_s[members].min()), float(orders.delivered_s[members].max()))
        by_driver.setdefault(int(orders.driver[members[0]]), []).append(span)
    for spans in by_driver.values():
        spans.sort()
        assert all(end <= start + 1e-6 for (_, end), (start, _) in pairwise(spans))


@pytest.mark.parametrize("rule", RULES)
def test_money_and_kilometres_add_up(rule: str) -> None:
    market = market_by(f"dispatch={rule}")
    orders, drivers = market.world.orders, market.world.drivers
    carried = np.flatnonzero(orders.driver[: orders.count] >= 0)
    assert drivers.pickup_km.sum() == pytest.approx(orders.pickup_km[carried].sum())
    assert drivers.loaded_km.sum() == pytest.approx(orders.loaded_km[carried].sum())
    assert market.world.ledger.is_balanced
    delivered = np.flatnonzero(orders.status[: orders.count] == Status.DELIVERED)
    paid = orders.pay_usd[delivered].sum()
    assert market.world.ledger.posted_usd("pay") == pytest.approx(paid, abs=1e-4 * len(delivered))


def test_bundles_are_made_joined_and_save_kilometres() -> None:
    single, bundled = (market_by(f"dispatch={rule}") for rule in ("lap", "lap_bundled"))
    metrics = [
        run_of(*BUSY, f"dispatch={rule}")[1].metrics.set_index("metric")["value"] for rule in ("lap", "lap_bundled")
    ]
    assert metrics[0]["bundle_size_mean"] == 1
    assert metrics[1]["bundle_size_mean"] > 1.02
    assert metrics[1]["gig_km_per_order"] < metrics[0]["gig_km_per_order"]
    orders = bundled.world.orders
    many = np.flatnonzero(orders.bundle[: orders.count] > 1)
    assert len(many) > 10
    assert single.world.orders.bundle.max() == 1
    joined_later = [
        np.ptp(orders.placed_s[orders.trip == trip]) > 0
        and orders.accepted_s[orders.trip == trip][0] < orders.placed_s[orders.trip == trip].max()
        for trip in np.unique(orders.trip[many])
    ]
    assert any(joined_later)


def test_only_the_couriers_with_a_rule_of_their_own_bundle() -> None:
    market = market_by("dispatch=mall_bundled", "retailers.opt_in.share=1.0", "couriers.mall_direct.quality_usd=12")
    orders = market.world.orders
    mall = orders.courier[: orders.count] == market.world.channels.number("mall_direct")
    assert orders.bundle[: orders.count][~mall].max() == 1
    assert orders.bundle[: orders.count][mall].max() > 1


@pytest.mark.parametrize("rule", ["lap", "lap_bundled"])
def test_the_least_empty_way_is_not_undercut(rule: str) -> None:
    """On a whole day; the law is of the long run, so a few per cent are left to where drivers log on and off."""
    metrics = run_of(*BUSY, f"dispatch={rule}")[1].metrics.set_index("metric")["value"]
    assert metrics["deadhead_km_per_order"] >= 0.9 * metrics["least_deadhead_km_per_order"] > 0
    assert metrics["deadhead_km_per_order"] + metrics["loaded_km_per_order"] == pytest.approx(
        metrics["gig_km_per_order"]
    )
