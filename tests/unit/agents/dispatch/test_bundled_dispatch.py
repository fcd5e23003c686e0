"""Who travels with whom, who waits for whom, and rules among orders and drivers, in worlds of a few places."""

from dataclasses import replace

import numpy as np
import pytest

from galleria.agents.dispatch.bundled import BundledDispatch, Decision, driver_price, match_in_groups
from galleria.agents.dispatch.rules import fcfs, greedy, lap, nearest_waiting
from galleria.agents.dispatch.trips import NOTHING_UNDER_WAY, AvailableDrivers, Jobs, Stops, UnderWay
from galleria.agents.kernel.clock import HOUR_S
from galleria.agents.kernel.roads import Roads
from tests.market_worlds import settings_of

INF = np.inf
STOPS = Stops(before_pickup_s=0.0, after_pickup_s=120.0, extra_parcel_s=0.0, door_s=60.0, leave_door_s=0.0)


def line(places: int) -> Roads:
    """Build places on a line, a minute and a kilometre apart."""
    steps = np.abs(np.arange(places)[:, None] - np.arange(places)).astype(np.uint16)
    return Roads(steps, 60.0, steps, 1.0, np.arange(49, dtype=np.float64) * HOUR_S)


def dispatcher(**changes: float) -> BundledDispatch:
    bundling = settings_of("dispatch=lap_bundled").dispatch.bundling.model_copy(update=changes)
    return BundledDispatch(line(40), STOPS, bundling, lap, max_pickup_s=1800.0, candidates=20)


def jobs(*rows: tuple[int, int, float]) -> Jobs:
    """Orders (store, door, packed at), promised for an hour later."""
    origin, destination, ready = (np.array(column) for column in zip(*rows, strict=True))
    return Jobs(origin, destination, ready.astype(np.float64), ready + 3600.0)


def hands(*rows: tuple[int, float], until_s: float = INF) -> AvailableDrivers:
    place, free = (np.array(column) for column in zip(*rows, strict=True))
    return AvailableDrivers(place, free.astype(np.float64), np.full(len(rows), until_s))


def plan(decision: Decision) -> list[tuple[int, list[int], float]]:
    return [(each.driver, each.orders.tolist(), each.leave_s) for each in decision.missions]


def test_neighbours_share_the_only_driver_the_nearer_door_first() -> None:
    found = dispatcher().decide(
        jobs((10, 22, 0.0), (10, 21, 0.0)), np.arange(2), hands((10, 0.0)), NOTHING_UNDER_WAY, 0.0
    )
    assert plan(found) == [(0, [1, 0], 0.0)]


def test_who_lives_the_other_way_does_not_share_where_drivers_abound() -> None:
    found = dispatcher().decide(
        jobs((10, 20, 0.0), (10, 0, 0.0)), np.arange(2), hands(*[(10, 0.0)] * 30), NOTHING_UNDER_WAY, 0.0
    )
    assert sorted(orders for _, orders, _ in plan(found)) == [[0], [1]]


def test_orders_of_two_stores_never_share() -> None:
    found = dispatcher(driver_price=50.0, driver_price_most=50.0).decide(
        jobs((10, 20, 0.0), (11, 20, 0.0)), np.arange(2), hands((10, 0.0)), NOTHING_UNDER_WAY, 0.0
    )
    assert [len(orders) for _, orders, _ in plan(found)] == [1]


def test_a_driver_leaves_so_as_to_be_there_when_the_parcel_is_packed() -> None:
    found = dispatcher().decide(jobs((10, 20, 1500.0)), np.arange(1), hands((5, 0.0)), NOTHING_UNDER_WAY, 0.0)
    assert plan(found) == [(0, [0], 1200.0)]


def test_a_near_driver_who_is_about_to_be_free_is_waited_for() -> None:
    found = dispatcher().decide(
        jobs((10, 20, 0.0)), np.arange(1), hands((35, 0.0), (10, 120.0)), NOTHING_UNDER_WAY, 0.0
    )
    assert plan(found) == [(1, [0], 120.0)]


def test_nothing_is_taken_over_after_the_end_of_a_shift() -> None:
    late = hands((5, 0.0), until_s=299.0)
    assert plan(dispatcher().decide(jobs((10, 20, 0.0)), np.arange(1), late, NOTHING_UNDER_WAY, 0.0)) == []
    in_time = hands((5, 0.0), until_s=300.0)
    assert len(dispatcher().decide(jobs((10, 20, 0.0)), np.arange(1), in_time, NOTHING_UNDER_WAY, 0.0).missions) == 1


def test_an_order_joins_a_trip_that_has_not_left_the_store() -> None:
    trip = UnderWay(np.array([0, 1]), np.array([0]), np.array([300.0]))
    found = dispatcher().decide(jobs((10, 20, 0.0), (10, 21, 0.0)), np.array([1]), hands((30, 0.0)), trip, 100.0)
    assert [(number, orders.tolist()) for number, orders in found.joined] == [(0, [0, 1])]
    assert found.missions == []


def test_a_full_trip_is_not_joined() -> None:
    trip = UnderWay(np.array([0, 1]), np.array([0]), np.array([300.0]))
    found = dispatcher(max_orders=1).decide(
        jobs((10, 20, 0.0), (10, 21, 0.0)), np.array([1]), hands((30, 0.0)), trip, 1.0
    )
    assert found.joined == []
    assert len(found.missions) == 1


def test_a_bundle_with_room_is_held_for_partners_while_nobody_gets_late() -> None:
    held = dispatcher(hold_min=10.0).decide(jobs((10, 20, 0.0)), np.arange(1), hands((5, 0.0)), NOTHING_UNDER_WAY, 0.0)
    assert plan(held) == [(0, [0], 300.0)]
    soon_due = jobs((10, 20, 0.0))._replace(due_s=np.array([300.0 + 120 + 600 + 60 + 40]))
    pressed = dispatcher(hold_min=10.0).decide(soon_due, np.arange(1), hands((5, 0.0)), NOTHING_UNDER_WAY, 0.0)
    assert [leave_s for _, _, leave_s in plan(pressed)] == pytest.approx([40.0])


def test_the_price_of_drivers_rises_with_the_load_to_its_bound() -> None:
    limits = dispatcher(driver_price=0.1, driver_price_per_load=0.5, driver_price_most=2.0).scene.limits
    assert [driver_price(limits, orders, 4) for orders in (0, 4, 8, 400)] == pytest.approx([0.1, 0.6, 1.1, 2.0])
    assert driver_price(limits, 4, 0) == driver_price(limits, 4, 1)


def test_scarce_drivers_take_more_along() -> None:
    """Doors on two sides of the store: together only if no driver is left for the second."""
    both = jobs((20, 24, 0.0), (20, 16, 0.0))
    few = replace(dispatcher()).decide(both, np.arange(2), hands((20, 0.0)), NOTHING_UNDER_WAY, 0.0)
    many = dispatcher().decide(both, np.arange(2), hands(*[(20, 0.0)] * 20), NOTHING_UNDER_WAY, 0.0)
    assert [len(orders) for _, orders, _ in plan(few)] == [2]
    assert sorted(len(orders) for _, orders, _ in plan(many)) == [1, 1]


def pairs(found: tuple[np.ndarray, np.ndarray]) -> list[tuple[int, int]]:
    return list(zip(found[0].tolist(), found[1].tolist(), strict=True))


def test_strictly_in_turn_nobody_is_served_before_the_first() -> None:
    cost = np.array([[5.0, INF], [INF, INF], [1.0, 1.0]])
    assert pairs(fcfs(cost)) == [(0, 0)]
    assert pairs(fcfs(np.array([[INF], [1.0]]))) == []
    assert pairs(fcfs(np.array([[2.0, 1.0], [1.0, 3.0]]))) == [(0, 1), (1, 0)]


def test_drivers_choose_the_nearest_order_not_the_oldest() -> None:
    assert pairs(nearest_waiting(np.array([[9.0], [1.0], [4.0]]))) == [(1, 0)]
    assert pairs(nearest_waiting(np.array([[9.0, 2.0], [1.0, 1.0]]))) == [(0, 1), (1, 0)]


def test_the_greedy_takes_the_cheapest_pair_first() -> None:
    assert pairs(greedy(np.array([[1.0, 2.0], [0.5, 9.0]]))) == [(0, 1), (1, 0)]
    assert pairs(greedy(np.array([[3.0, INF], [2.0, INF]]))) == [(1, 0)]
    assert pairs(greedy(np.empty((0, 3)))) == []


def test_while_drivers_are_scarce_what_is_packed_chooses_first() -> None:
    """One driver is free now; the far order is packed, two near ones will be: by cost alone these come first."""
    market = jobs((30, 39, 0.0), (2, 3, 1500.0), (0, 1, 1500.0))
    who, waiting = hands((0, 0.0)), np.arange(3)
    usual = dispatcher(max_orders=1).decide(market, waiting, who, NOTHING_UNDER_WAY, 600.0)
    urgent = dispatcher(max_orders=1, urgent_after_min=0.0)
    assert plan(usual)[0][1] != [0]
    assert urgent.decide(market, waiting, hands((0, 700.0)), NOTHING_UNDER_WAY, 600.0).missions[0].orders.tolist() == [
        0
    ]
    enough = urgent.decide(market, waiting, who, NOTHING_UNDER_WAY, 600.0)
    assert plan(enough) == plan(usual)


def test_groups_choose_one_after_the_other() -> None:
    cost = np.array([[1.0, 9.0], [2.0, 3.0], [0.0, INF]])
    rows, columns = match_in_groups(lap, cost, np.array([False, True, False]))
    assert (rows.tolist(), columns.tolist()) == ([0, 1], [1, 0])
    everyone = match_in_groups(lap, cost, np.ones(3, np.bool_))
    assert [each.tolist() for each in everyone] == [each.tolist() for each in lap(cost)]
