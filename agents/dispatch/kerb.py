"""The kerb of a mall: slots at which drivers stand from when they find one free until they leave with the parcels.

A slot is booked when a trip is accepted, for the time at which the driver will arrive: of all slots the one that is
free first for long enough, later bookings left where they are. Among drivers who accept in the order of their arrival
this is first in first out; who accepts later may come earlier and stand in a gap (model 7.3).
"""

from bisect import insort
from collections.abc import Callable
from functools import partial
from typing import NamedTuple, Protocol

import numpy as np

from galleria.agents.dispatch.trips import NONE, Jobs, Stops, departure_s
from galleria.agents.kernel.arrays import Bools, Floats, Ints

type Leaves = Callable[[float], float]
"""When a driver leaves who has a slot from a time on, s."""


class Stay(NamedTuple):
    """A booking of a slot, s."""

    start_s: float
    end_s: float
    place: int
    slot: int


class Kerb:
    """The slots of all malls.

    Parameters
    ----------
    slots
        At each mall.
    places
        int, where the malls stand.

    Attributes
    ----------
    waited_s
        Time that drivers have waited for a slot, summed.
    """

    def __init__(self, slots: int, places: Ints) -> None:
        self._booked: dict[int, list[list[Stay]]] = {place: [[] for _ in range(slots)] for place in places.tolist()}
        self.waited_s = 0.0

    def book(self, place: int, arrives_s: float, leaves: Leaves, now_s: float) -> Stay | None:
        """Book the first slot that is free for a whole stay; None where there is no kerb."""
        if place not in self._booked:
            return None
        best: Stay | None = None
        for slot, stays in enumerate(self._booked[place]):
            while stays and stays[0].end_s <= now_s:
                stays.pop(0)
            start_s = arrives_s
            for stay in stays:
                if leaves(start_s) <= stay.start_s:
                    break
                start_s = max(start_s, stay.end_s)
            if best is None or start_s < best.start_s:
                best = Stay(start_s, leaves(start_s), place, slot)
        if best is not None:
            insort(self._booked[place][best.slot], best)
        return best

    def release(self, stay: Stay) -> None:
        """Cancel a booking."""
        self._booked[stay.place][stay.slot].remove(stay)

    def extend(self, stay: Stay, end_s: float) -> Stay | None:
        """Let a driver stay longer; None, and nothing changes, where another has booked the slot before."""
        stays = self._booked[stay.place][stay.slot]
        position = stays.index(stay)
        if position + 1 < len(stays) and stays[position + 1].start_s < end_s:
            return None
        stays[position] = stay._replace(end_s=end_s)
        return stays[position]


class Berths(Protocol):
    """What a courier's trips find at the kerb."""

    def hold(self, first: Ints, member: Ints, origin: Ints, arrived_s: Floats, now_s: float) -> Floats:
        """Book for trips on offer in turn; return the times from which they have a slot, float64 [m], s."""

    def answer(self, asked: Ints, yes: Bools, arrived_s: Floats) -> None:
        """Keep the bookings of those who accept, and give up the others."""

    def start_s(self, driver: int, arrived_s: float) -> float:
        """Return the time from which a driver under way has a slot, or else arrives, s."""

    def stays_for(self, driver: int, members: Ints) -> bool:
        """Extend a driver's stay until all orders are taken over; tell whether the slot is free so long."""


def berths_at(kerb: Kerb | None, stops: Stops, jobs: Callable[[], Jobs]) -> Berths:
    """Return what a courier's trips find at a kerb, or where there is always room; see `BookedBerths`."""
    return OpenBerths() if kerb is None else BookedBerths(kerb, stops, jobs)


class OpenBerths:
    """A slot for everybody at once."""

    def hold(self, first: Ints, member: Ints, origin: Ints, arrived_s: Floats, now_s: float) -> Floats:
        """Return the arrivals."""
        del first, member, origin, now_s
        return arrived_s

    def answer(self, asked: Ints, yes: Bools, arrived_s: Floats) -> None:
        """Book nothing."""

    def start_s(self, driver: int, arrived_s: float) -> float:
        """Return the arrival."""
        del driver
        return arrived_s

    def stays_for(self, driver: int, members: Ints) -> bool:
        """Let everybody stay."""
        del driver, members
        return True


class BookedBerths:
    """Books the kerb for one courier's trips.

    Parameters
    ----------
    kerb
        Shared by all couriers.
    stops
        Times at stores.
    jobs
        Gives the orders as kernels take them.
    """

    def __init__(self, kerb: Kerb, stops: Stops, jobs: Callable[[], Jobs]) -> None:
        self.kerb, self._stops, self._jobs = kerb, stops, jobs
        self._offered: list[Stay | None] = []
        self._of_driver: dict[int, Stay] = {}

    def hold(self, first: Ints, member: Ints, origin: Ints, arrived_s: Floats, now_s: float) -> Floats:
        """Book for trips on offer in turn; return the times from which they have a slot, float64 [m], s."""
        jobs, edges = self._jobs(), first.tolist()
        self._offered = [
            self.kerb.book(place, at_s, partial(self._leaves, jobs, member[edges[trip] : edges[trip + 1]]), now_s)
            for trip, (place, at_s) in enumerate(zip(origin.tolist(), arrived_s.tolist(), strict=True))
        ]
        starts = zip(self._offered, arrived_s.tolist(), strict=True)
        return np.array([at_s if stay is None else stay.start_s for stay, at_s in starts])

    def answer(self, asked: Ints, yes: Bools, arrived_s: Floats) -> None:
        """Keep the bookings of those who accept, and give up the others."""
        for stay, driver, accepts, at_s in zip(
            self._offered, asked.tolist(), yes.tolist(), arrived_s.tolist(), strict=True
        ):
            if accepts:
                self._of_driver.pop(driver, None)
            if stay is not None and accepts:
                self._of_driver[driver] = stay
                self.kerb.waited_s += stay.start_s - at_s
            elif stay is not None:
                self.kerb.release(stay)

    def start_s(self, driver: int, arrived_s: float) -> float:
        """Return the time from which a driver under way has a slot, or else arrives, s."""
        stay = self._of_driver.get(driver)
        return arrived_s if stay is None else stay.start_s

    def stays_for(self, driver: int, members: Ints) -> bool:
        """Extend a driver's stay until all orders are taken over; tell whether the slot is free so long."""
        stay = self._of_driver.get(driver)
        if stay is None:
            return True
        longer = self.kerb.extend(stay, self._leaves(self._jobs(), members, stay.start_s))
        if longer is not None:
            self._of_driver[driver] = longer
        return longer is not None

    def _leaves(self, jobs: Jobs, members: Ints, start_s: float) -> float:
        return float(departure_s(self._stops, jobs, members, NONE, start_s))
