"""Load: how long an order would wait for a driver, with drivers who work for several couriers counted once (model 7.5).

The W_k waiting orders of courier k fall alike to the n_k drivers on line on its app: each driver faces W_k / n_k orders
for every app k in use. The next order of courier j waits for what its own drivers face,

    wait_j = tau_j / n_j  sum_k W_k |D_j and D_k| / n_k,

where D_k are the drivers on app k and tau_j the time a driver is engaged with an order of j, as j has seen it: the
orders in front, over the completion rate n_j / tau_j. With drivers of its own this is tau W / n; of couriers that share
all drivers each counts the orders of all. Restaurant meals in front of other orders, and these in front of meals, count
by the time tau_k that they take themselves.
"""

from typing import NamedTuple

import numpy as np

from galleria.agents.drivers.contracts import NOBODY
from galleria.agents.drivers.driver import Drivers
from galleria.agents.fleets.backlog import Backlog
from galleria.agents.kernel.arrays import Bools, Floats, Ints


def reach(drivers: Drivers, couriers: Ints, now_s: float) -> Bools:
    """Return whom couriers can ask, bool [K, N]: drivers on line on their app who do not end their shift.

    Who works under a contract can be asked by that courier only.
    """
    able = drivers.online & ~drivers.leaving
    on_app = (drivers.apps >> couriers[:, None] & 1).astype(np.bool_)
    if drivers.under_contract:
        contract = drivers.captive_of(np.arange(len(drivers)), now_s)
        on_app &= (contract == NOBODY) | (contract == couriers[:, None])
    return np.asarray(on_app & able)


def orders_in_front(waiting: Ints, reached: Bools, courier: int) -> float:
    """Return how many waiting orders fall to the drivers of one courier, sum_k W_k |D_j and D_k| / n_k.

    Parameters
    ----------
    waiting
        int [K], orders that wait at each courier.
    reached
        bool [K, N], from `reach`.
    courier
        Entry of the courier; its own orders count in full, also with nobody on line.
    """
    drivers: Floats = reached.sum(axis=1).astype(np.float64)
    shared: Floats = (reached & reached[courier]).sum(axis=1) / np.maximum(drivers, 1.0)
    shared[courier] = 1.0
    return float(waiting @ shared)


class Engagement:
    """How long a driver is engaged with one order, from acceptance to the last door, a moving average in seconds.

    Parameters
    ----------
    rate
        Weight of one order.
    """

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.mean_s: float | None = None

    def learn(self, engaged_s: float) -> None:
        """Take in one order; the first is all that is known."""
        mean_s = engaged_s if self.mean_s is None else self.mean_s
        self.mean_s = mean_s + self.rate * (engaged_s - mean_s)

    def wait_s(self, orders: float, drivers: int) -> float:
        """Return how long so many orders keep so many drivers busy, s; 0 for what is not known yet, inf for nobody."""
        if orders == 0:
            return 0.0
        return (self.mean_s or 0.0) * orders / drivers if drivers else np.inf


class Queue(NamedTuple):
    """Orders that wait at a fleet, the number of the app of its drivers, and how long an order takes them."""

    app: int
    backlog: Backlog
    engagement: Engagement


def expected_wait_s(queues: list[Queue], mine: Queue, drivers: Drivers, now_s: float) -> float:
    """Return how long the next order of a queue would wait for a driver, s; `queues` are those of all fleets."""
    waiting = np.array([len(queue.backlog) for queue in queues])
    if not waiting.any():
        return 0.0
    alike = np.array([queue.backlog.orders is mine.backlog.orders for queue in queues])
    me, reached = queues.index(mine), reach(drivers, np.array([queue.app for queue in queues]), now_s)
    able = int(reached[me].sum())
    wait_s = mine.engagement.wait_s(orders_in_front(waiting * alike, reached, me), able)
    for other in np.flatnonzero(~alike).tolist():
        in_front = orders_in_front(waiting * (np.arange(len(queues)) == other), reached, me)
        wait_s += queues[other].engagement.wait_s(in_front, able)
    return wait_s
