"""A courier's backlog: orders that nobody carries yet (model 7.5)."""

from math import inf

import numpy as np

from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.order import Orders, Status


class Backlog:
    """Orders of one courier that wait for a driver.

    Parameters
    ----------
    orders
        The market's.
    patience_s
        How long after the promised time customers give up.
    lookahead_s
        How long before an order is packed a driver may be sent for it.

    Attributes
    ----------
    waiting
        int64, rows in order of placement.
    """

    def __init__(self, orders: Orders, patience_s: float, lookahead_s: float) -> None:
        self.orders, self.patience_s, self.lookahead_s = orders, patience_s, lookahead_s
        self.waiting: Ints = np.empty(0, np.int64)
        self._next_deadline_s = inf

    def __len__(self) -> int:
        """Count the orders."""
        return len(self.waiting)

    def take(self, rows: Ints) -> None:
        """Take orders: a driver may be sent shortly before an order is packed, and never before it is placed."""
        orders = self.orders
        orders.sendable_s[rows] = np.fmax(orders.placed_s[rows], orders.ready_s[rows] - self.lookahead_s)
        orders.deadline_s[rows] = orders.promised_s[rows] + self.patience_s
        self._next_deadline_s = min(self._next_deadline_s, float(orders.deadline_s[rows].min()))
        self.waiting = np.concatenate([self.waiting, rows])

    def sendable(self, now_s: float) -> Ints:
        """Return the orders that may be offered now, int64."""
        return np.asarray(self.waiting[self.orders.sendable_s[self.waiting] <= now_s])

    def overdue(self, now_s: float) -> Ints:
        """Return the orders whose customers give up by now, int64; to be cancelled before it is asked again."""
        if self._next_deadline_s > now_s:
            return self.waiting[:0]
        late = self.orders.deadline_s[self.waiting] <= now_s
        self._next_deadline_s = float(self.orders.deadline_s[self.waiting[~late]].min(initial=inf))
        return np.asarray(self.waiting[late])

    def strike_off(self) -> None:
        """Take orders off the list that drivers have accepted or customers given up."""
        orders, waiting = self.orders, self.waiting
        self.waiting = waiting[(orders.driver[waiting] < 0) & (orders.status[waiting] == Status.OPEN)]

    def events_s(self) -> Floats:
        """Return the times at which orders may be offered and are given up, float64."""
        return np.concatenate([self.orders.sendable_s[self.waiting], self.orders.deadline_s[self.waiting]])
