"""The queue of trips under way by hand."""

from math import inf

import numpy as np

from galleria.agents.drivers.trips import NO_ORDER, TripQueue
from tests.trips import one_trip


def test_stops_come_in_order_of_time_and_ways_without_an_order_are_no_orders() -> None:
    queue = TripQueue()
    assert queue.next_s == inf
    queue.add(one_trip(100.0, 1000, order=5, place=7))
    queue.relocate(np.array([3]), np.array([400.0]))
    assert queue.carried == 1
    assert queue.relocations() == [(400.0, 3)]
    assert queue.next_s == 400.0
    assert queue.pop() == (400.0, 3, NO_ORDER)
    assert queue.pop() == (1100.0, 0, 5)
    assert queue.carried == 0


def test_a_trip_that_is_replaced_has_its_new_doors_only() -> None:
    queue = TripQueue()
    queue.add(old := one_trip(100.0, 1000, order=5, place=7))
    queue.replace(old, one_trip(100.0, 2000, order=6, place=8))
    assert queue.next_s == 2100.0
    assert queue.carried == 1
    assert queue.pop() == (2100.0, 0, 6)
    assert queue.next_s == inf


def test_a_door_that_is_as_before_in_a_changed_trip_is_there_once() -> None:
    queue = TripQueue()
    queue.add(old := one_trip(100.0, 1000, order=5, place=7))
    queue.replace(old, one_trip(100.0, 1000, order=5, place=7))
    queue.relocate(np.array([3]), np.array([1100.0]))
    assert queue.carried == 1
    assert [queue.pop(), queue.pop()] == [(1100.0, 0, 5), (1100.0, 3, NO_ORDER)]
    assert (queue.next_s, queue.carried) == (inf, 0)
