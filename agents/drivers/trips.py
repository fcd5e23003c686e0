"""Trips of drivers: their course, and the queue of those under way (model 3, 7.4)."""

from heapq import heappop, heappush
from math import inf
from typing import Any, NamedTuple

from galleria.agents.kernel.arrays import Bools, Floats, Ints

NO_ORDER = -1
"""In the place of an order: the driver goes elsewhere without one."""


class Trips(NamedTuple):
    """Itineraries of accepted offers, one driver each; arrays of equal length m.

    Attributes
    ----------
    driver, destination
        Row of the driver, and the place of the last door.
    accepted_s, arrived_s, picked_s, end_s
        Acceptance, arrival at the store, departure from it, end of the trip.
    to_door_s, at_door_s
        Time of driving from the store on, and at doors.
    pickup_km, loaded_km
        Driven empty and with parcels.
    net_usd
        Pay and tips less driving.
    doors
        For each trip (time of the hand-over, row of the order), in turn.
    """

    driver: Ints
    destination: Ints
    accepted_s: Floats
    arrived_s: Floats
    picked_s: Floats
    end_s: Floats
    to_door_s: Floats
    at_door_s: Floats
    pickup_km: Floats
    loaded_km: Floats
    net_usd: Floats
    doors: list[list[tuple[float, int]]]

    def only(self, which: Bools) -> "Trips":
        """Keep some of the trips."""
        doors = [each for each, kept in zip(self.doors, which.tolist(), strict=True) if kept]
        columns: dict[str, Any] = {name: getattr(self, name)[which] for name in self._fields if name != "doors"}
        return Trips(**columns, doors=doors)


type Stop = tuple[float, int, int]
"""When, the driver, and the order handed over or `NO_ORDER`."""


class TripQueue:
    """Hand-overs at doors and arrivals in other zones that are still to come, in order of time.

    Stops of trips that were changed stay in the heap until they come up, as no order is due at them.
    """

    def __init__(self) -> None:
        self._stops: list[Stop] = []
        self._due: dict[int, Stop] = {}

    @property
    def carried(self) -> int:
        """Number of orders that drivers are on their way with."""
        return len(self._due)

    @property
    def next_s(self) -> float:
        """Time of the next stop, inf for none."""
        return self._stops[0][0] if self._stops else inf

    def add(self, trips: Trips) -> None:
        """Put in all doors of trips."""
        for row, doors in zip(trips.driver.tolist(), trips.doors, strict=True):
            for time, order in doors:
                self._due[order] = stop = (time, row, order)
                heappush(self._stops, stop)

    def replace(self, old: Trips, new: Trips) -> None:
        """Put trips in the place of others, of which no order has been handed over."""
        for doors in old.doors:
            for _, order in doors:
                del self._due[order]
        self.add(new)
        self._drop_changed()

    def relocate(self, rows: Ints, arrives_s: Floats) -> None:
        """Put in drivers' ways to other zones."""
        for time, row in zip(arrives_s.tolist(), rows.tolist(), strict=True):
            heappush(self._stops, (time, row, NO_ORDER))

    def pop(self) -> Stop:
        """Take out the next stop: its time, the driver, and the order handed over or `NO_ORDER`."""
        stop = heappop(self._stops)
        self._due.pop(stop[2], None)
        self._drop_changed()
        return stop

    def _drop_changed(self) -> None:
        """Let the next stop be one that will be."""
        while self._stops and (order := self._stops[0][2]) != NO_ORDER and self._due.get(order) is not self._stops[0]:
            heappop(self._stops)

    def relocations(self) -> list[tuple[float, int]]:
        """List the arrivals in other zones that are still to come: time and driver."""
        return [(time, row) for time, row, order in self._stops if order == NO_ORDER]
