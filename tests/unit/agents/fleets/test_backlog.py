"""A backlog by hand: when orders may be offered, are given up, and leave the list."""

from math import inf

import numpy as np
import pytest

from galleria.agents.fleets.backlog import Backlog
from galleria.agents.kernel.order import Orders, Status


@pytest.fixture
def orders() -> Orders:
    """Three orders placed at 0, 100 and 200 s, packed at 1,000 s and promised for 2,000 s."""
    orders = Orders(0)
    rows = orders.append(3)
    orders.placed_s[rows] = [0.0, 100.0, 200.0]
    orders.ready_s[rows] = 1000.0
    orders.promised_s[rows] = 2000.0
    orders.driver[rows] = -1
    return orders


def test_orders_are_sendable_shortly_before_they_are_packed_and_never_before_they_are_placed(orders: Orders) -> None:
    backlog = Backlog(orders, 600.0, 300.0)
    orders.ready_s[1] = 250.0
    backlog.take(np.arange(3))
    assert backlog.sendable(99.0).tolist() == []
    assert backlog.sendable(100.0).tolist() == [1]
    assert backlog.sendable(700.0).tolist() == [0, 1, 2]


def test_orders_are_overdue_when_patience_ends_after_the_promise(orders: Orders) -> None:
    backlog = Backlog(orders, 600.0, 300.0)
    orders.promised_s[2] = 2500.0
    backlog.take(np.arange(3))
    assert backlog.overdue(2599.0).tolist() == []
    late = backlog.overdue(2600.0)
    assert late.tolist() == [0, 1]
    orders.close(late.tolist(), Status.CANCELLED)
    backlog.strike_off()
    assert backlog.waiting.tolist() == [2]
    assert backlog.overdue(3100.0).tolist() == [2]


def test_what_a_driver_has_accepted_waits_no_longer(orders: Orders) -> None:
    backlog = Backlog(orders, 600.0, 300.0)
    backlog.take(np.arange(3))
    orders.driver[1] = 7
    backlog.strike_off()
    assert backlog.waiting.tolist() == [0, 2]
    assert len(backlog) == 2
    assert sorted(backlog.events_s().tolist()) == [700.0, 700.0, 2600.0, 2600.0]


def test_without_orders_nothing_is_due(orders: Orders) -> None:
    backlog = Backlog(orders, 600.0, 300.0)
    assert len(backlog.overdue(inf)) == len(backlog.sendable(inf)) == len(backlog.events_s()) == 0
