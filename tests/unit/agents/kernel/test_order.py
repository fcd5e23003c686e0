"""Orders open with unknown times, in rows that stay where they are when the table grows."""

import numpy as np

from galleria.agents.kernel.order import Orders, Status


def test_rows_are_appended_and_kept() -> None:
    orders = Orders(0)
    first = orders.append(2)
    orders.placed_s[first] = [10, 20]
    second = orders.append(3)
    assert (first, second) == (slice(0, 2), slice(2, 5))
    assert orders.count == 5
    assert orders.placed_s[:2].tolist() == [10, 20]
    assert np.isnan(orders.delivered_s[second]).all()
    assert (orders.driver[second] == -1).all()
    assert (orders.status[second] == Status.OPEN).all()


def test_closing_counts_and_lists() -> None:
    orders = Orders(0)
    orders.append(3)
    orders.close([0, 2], Status.DELIVERED)
    orders.close([1], Status.CANCELLED)
    orders.close([], Status.CANCELLED)
    assert orders.ended == 3
    assert orders.closed == [0, 2, 1]
    assert orders.status[:3].tolist() == [1, 2, 1]
