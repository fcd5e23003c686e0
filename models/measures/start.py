"""Where accounts and clocks stood when measuring began: what came before is learning, and is not measured.

A run may begin with days of warming up, in which drivers, stores and couriers learn what a policy brings. They are
simulated like all others; measures look at what came after, which is the difference of two states. What was under way
at that midnight belongs to the days before: the orders' money, and the drivers' time until they are free.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from galleria.agents.dispatch.kerb import Kerb
from galleria.agents.drivers.driver import Drivers
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.clock import HOUR_S
from galleria.agents.kernel.order import Orders, Status
from galleria.models.money.ledger import Ledger
from galleria.models.world import World

CLOCKS = ("online_s", "idle_s", "to_pickup_s", "at_store_s", "to_door_s", "at_door_s", "relocate_s")
TOTALS = (*CLOCKS, "pickup_km", "loaded_km", "relocate_km", "orders", "forgone_usd")
"""Columns of drivers that add up over a run."""


@dataclass(frozen=True)
class Start:
    """State of a market at the midnight on which measuring begins.

    Attributes
    ----------
    day, orders, meals, relocations
        The first day measured, and numbers of orders, of meals and of ways to other zones before it.
    balance, posted, contribution
        Of the ledger and of the couriers, in its units; what earlier orders move later is added.
    totals
        `TOTALS` of the drivers; what they still do for earlier orders is added.
    kerb_wait_s
        Time waited for a slot at a kerb.
    """

    day: int
    orders: int
    meals: int
    relocations: int
    balance: NDArray[np.int64]
    posted: dict[str, int]
    contribution: NDArray[np.int64]
    totals: dict[str, NDArray[np.generic]]
    kerb_wait_s: float

    @classmethod
    def of(cls, world: World, kerb: Kerb | None) -> "Start":
        """Note the state of a market at midnight."""
        ledger, now_s = world.ledger, world.clock.now_s
        return cls(
            world.clock.day,
            world.orders.count,
            world.meals.orders.count,
            len(world.drivers.relocations),
            ledger.balance.copy(),
            dict(ledger.posted),
            ledger.contribution.copy(),
            totals_until_free(world.drivers, now_s),
            0.0 if kerb is None else kerb.waited_s,
        )

    def settle_earlier(self, world: World, settle: Callable[[], None]) -> None:
        """Settle the orders from before that ended since, by `settle`, and leave out what they move."""
        ledger, populations = world.ledger, ((world.orders, self.orders), (world.meals.orders, self.meals))
        earlier = [[row for row in orders.closed if row < first] for orders, first in populations]
        later = [[row for row in orders.closed if row >= first] for orders, first in populations]
        balance, posted, contribution = (
            ledger.balance.copy(),
            dict(ledger.posted),
            ledger.contribution.copy(),
        )
        for (orders, _), rows in zip(populations, earlier, strict=True):
            orders.closed = rows.copy()
        settle()
        for (orders, _), rows in zip(populations, later, strict=True):
            orders.closed = rows
        self.balance[:] += ledger.balance - balance
        self.contribution[:] += ledger.contribution - contribution
        for leg, units in ledger.posted.items():
            self.posted[leg] = self.posted.get(leg, 0) + units - posted.get(leg, 0)
        for (orders, _), rows in zip(populations, earlier, strict=True):
            closed = np.array(rows, np.int64)
            carried = closed[(orders.status[closed] == Status.DELIVERED) & (orders.driver[closed] >= 0)]
            np.add.at(self.totals["orders"], orders.driver[carried], 1)

    def ledger_since(self, ledger: Ledger) -> Ledger:
        """Return a ledger with what was moved since."""
        since = copy(ledger)
        since.balance = ledger.balance - self.balance
        since.contribution = ledger.contribution - self.contribution
        since.posted = {leg: units - self.posted.get(leg, 0) for leg, units in ledger.posted.items()}
        return since

    def drivers_since(self, drivers: Drivers) -> Drivers:
        """Return the drivers with what they did since."""
        since = copy(drivers)
        for name, total in self.totals.items():
            setattr(since, name, getattr(drivers, name) - total)
        since.relocations = drivers.relocations[self.relocations :]
        return since


def rows_since(orders: Orders, first: int) -> Orders:
    """Return the orders from a row on, as a population of their own."""
    since = copy(orders)
    for name in Orders.columns():
        setattr(since, name, getattr(orders, name)[first : orders.count])
    since.size = since.count = orders.count - first
    return since


def totals_until_free(drivers: Drivers, now_s: float) -> dict[str, NDArray[np.generic]]:
    """Return drivers' totals at midnight, each counted until the present trip ends, which is booked in full already."""
    totals = {name: getattr(drivers, name).copy() for name in TOTALS}
    until_s = np.where(drivers.busy, np.maximum(drivers.free_s, now_s), now_s)
    totals["online_s"] += np.where(drivers.on_duty, until_s - drivers.since_s, 0.0)
    totals["idle_s"] += np.where(drivers.idle, now_s - drivers.idle_since_s, 0.0)
    totals["forgone_usd"] += forgone_usd(drivers, np.flatnonzero(drivers.busy), now_s, until_s)
    return totals


def forgone_usd(drivers: Drivers, rows: Ints, from_s: float, until_s: Floats) -> Floats:
    """Return the reservation wages of some drivers from a full hour on, until float64 [n]; float64 [n], $."""
    usd = np.zeros(len(drivers))
    for hour in range(int(np.ceil((until_s[rows].max(initial=from_s) - from_s) / HOUR_S))):
        begins_s = from_s + hour * HOUR_S
        spent_h = np.clip(until_s[rows] - begins_s, 0.0, HOUR_S) / HOUR_S
        wage = drivers.reservation_usd_per_h[rows] * drivers.hourly_taste[rows, int(begins_s // HOUR_S % 24)]
        usd[rows] += wage * spent_h
    return usd
