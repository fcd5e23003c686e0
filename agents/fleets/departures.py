"""Departures: what a courier will learn about its own speed as parcels leave the stores (model 7.5)."""

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import NamedTuple

from galleria.agents.fleets.commons import Commons
from galleria.agents.kernel.arrays import Ints
from galleria.agents.kernel.roads import arrival_s


class Departure(NamedTuple):
    """An order that leaves a store.

    Attributes
    ----------
    left_s
        When.
    took_s
        Time from placement to then, and what other doors on the way add.
    engaged_s
        Part of the driver's time from acceptance to the last door.
    row
        The order.
    """

    left_s: float
    took_s: float
    engaged_s: float
    row: int


class Departures:
    """Orders on their way, by the time at which they leave the store.

    Parameters
    ----------
    commons
        The market's orders, drivers and vehicles.
    """

    def __init__(self, commons: Commons) -> None:
        self.commons = commons
        self._coming: list[Departure] = []
        self._noted: dict[int, Departure] = {}

    def note(self, rows: Ints) -> None:
        """Note when the orders of a trip will have left the store, and how long they and their driver take.

        What other doors add is measured against the way that the driver's own vehicle would drive alone.
        """
        orders, commons = self.commons.orders, self.commons
        engaged_s = float(orders.delivered_s[rows].max() - orders.accepted_s[rows].min()) / len(rows)
        roads = commons.vehicles.roads[int(commons.drivers.vehicle[orders.driver[rows[0]]])]
        for row in rows.tolist():
            picked_s = beside_s = float(orders.picked_s[row])
            if len(rows) > 1:
                straight_s = arrival_s(roads, int(orders.origin[row]), int(orders.destination[row]), picked_s)
                beside_s += float(orders.delivered_s[row]) - straight_s - commons.stops.door_s
            self.expect(Departure(picked_s, beside_s - float(orders.placed_s[row]), engaged_s, row))

    def expect(self, each: Departure) -> None:
        """Let an order leave the store; what was noted of it is forgotten."""
        self._noted[each.row] = each
        heappush(self._coming, each)

    def forget(self, rows: Ints) -> None:
        """Forget orders whose trips have changed."""
        for row in rows.tolist():
            self._noted.pop(row, None)

    def until(self, now_s: float) -> Iterator[Departure]:
        """Take out what has left the store by now."""
        while self._coming and self._coming[0].left_s <= now_s:
            each = heappop(self._coming)
            if self._noted.get(each.row) is each:
                del self._noted[each.row]
                yield each
