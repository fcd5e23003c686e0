"""Departures: what a courier will learn about its own speed as parcels leave the stores (model 7.5)."""

from collections.abc import Iterator
from heapq import heapify, heappop, heappush

from agents.fleets.commons import Commons
from agents.kernel.arrays import Ints
from agents.kernel.roads import arrival_s


class Departures:
    """Orders on their way, by the time at which they leave the store.

    Parameters
    ----------
    commons
        The market's orders and roads.
    """

    def __init__(self, commons: Commons) -> None:
        self.commons = commons
        self._coming: list[tuple[float, float, int]] = []

    def note(self, rows: Ints) -> None:
        """Note when orders will have left the store, and how long they take beside the straight way to the door."""
        orders, commons = self.commons.orders, self.commons
        for row in rows.tolist():
            picked_s = beside_s = float(orders.picked_s[row])
            if len(rows) > 1:
                straight_s = arrival_s(commons.roads, int(orders.origin[row]), int(orders.destination[row]), picked_s)
                beside_s += float(orders.delivered_s[row]) - straight_s - commons.stops.door_s
            heappush(self._coming, (picked_s, beside_s - float(orders.placed_s[row]), row))

    def forget(self, rows: Ints) -> None:
        """Forget orders whose trips have changed."""
        carried = set(rows.tolist())
        self._coming = [each for each in self._coming if each[2] not in carried]
        heapify(self._coming)

    def until(self, now_s: float) -> Iterator[tuple[float, int]]:
        """Take out what has left the store by now: how long each order took, s, and its row."""
        while self._coming and self._coming[0][0] <= now_s:
            _, took_s, row = heappop(self._coming)
            yield took_s, row
