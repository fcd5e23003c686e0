"""What each driver does from moment to moment, read from the event log."""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

WAITING, TO_STORE, AT_STORE, TO_DOOR, AT_DOOR, MOVING = range(6)
STATES = ("waiting", "to the store", "at the store", "to a door", "at a door", "to another zone")
"""What a driver on line does, by number."""


_LEAVES = {"moving": MOVING, "picked_up": TO_DOOR}
_ARRIVES = {"moved": (MOVING, WAITING), "arrived": (TO_STORE, AT_STORE)}


class Span(NamedTuple):
    """One thing a driver does, s from and to, at a place or on the way to it; order and courier are -1 for none."""

    driver: int
    from_s: float
    to_s: float
    state: int
    origin: int
    place: int
    order: int
    courier: int


def spans_of(events: pd.DataFrame, door_s: float) -> list[Span]:
    """Return what drivers do, by driver and time, without gaps from log-on to log-off.

    Parameters
    ----------
    events
        The event log; orders and meals have numbers that are not each other's.
    door_s
        How long a driver is at a door; `delivered` is when that is over.
    """
    driven = events[(events["driver"] >= 0) & ~events["event"].isin(["offered", "declined", "packed"])]
    # Who logs off as a parcel is delivered does so afterwards, in whichever of the two logs it stands.
    driven = driven.assign(code=driven["courier"].cat.codes, last=driven["event"] == "logged_off")
    driven = driven.sort_values(["driver", "time_s", "last"], kind="stable")
    columns = [driven[name].tolist() for name in ("driver", "time_s", "event", "order", "place", "code")]
    day = _DriversDay(door_s)
    for driver, time_s, event, order, place, courier in zip(*columns, strict=True):
        day.take(driver, time_s, event, order, place, courier)
    return day.spans


class _DriversDay:
    """Goes through the events of one driver after the other; a way to a door begins when the stop before has ended."""

    def __init__(self, door_s: float) -> None:
        self.spans: list[Span] = []
        self._door_s = door_s
        self._driver, self._open = -1, False
        self._at, self._since_s, self._state = -1, 0.0, WAITING
        self._order, self._courier, self._carried = -1, -1, 0

    def take(self, driver: int, time_s: float, event: str, order: int, place: int, courier: int) -> None:
        """Take in the next event."""
        if driver != self._driver or event == "logged_on":
            self._log_on(driver, time_s, place)
        elif event == "accepted":
            if self._state == WAITING:
                self._end(time_s)
                self._state, self._order, self._courier = TO_STORE, order, courier
            self._carried += 1
        elif event in _LEAVES:
            self._end(time_s)
            self._state = _LEAVES[event]
        elif event in _ARRIVES:
            self._arrive(time_s, place, *_ARRIVES[event])
        elif event == "delivered":
            self._deliver(time_s, order, place, courier)
        elif event == "logged_off":
            self._end(time_s)
            self._open = False

    def _log_on(self, driver: int, time_s: float, place: int) -> None:
        if driver == self._driver and self._open:
            self._end(time_s)
        self._driver, self._at, self._since_s, self._state = driver, place, time_s, WAITING
        self._order, self._courier, self._carried, self._open = -1, -1, 0, True

    def _arrive(self, time_s: float, place: int, by: int, then: int) -> None:
        if time_s > self._since_s:
            self._add(time_s, by, place)
        self._at, self._since_s, self._state = place, max(time_s, self._since_s), then

    def _deliver(self, time_s: float, order: int, place: int, courier: int) -> None:
        self._order, self._courier = order, courier
        there_s = max(self._since_s, time_s - self._door_s)
        if there_s > self._since_s:
            self._add(there_s, TO_DOOR, place)
        self._at, self._since_s, self._state = place, there_s, AT_DOOR
        self._end(time_s)
        self._carried -= 1
        self._state = TO_DOOR if self._carried > 0 else WAITING
        if self._carried <= 0:
            self._order = self._courier = -1

    def _end(self, time_s: float) -> None:
        """End what is done at a place."""
        if time_s > self._since_s:
            self._add(time_s, self._state, self._at)
        self._since_s = max(time_s, self._since_s)

    def _add(self, to_s: float, state: int, place: int) -> None:
        self.spans.append(Span(self._driver, self._since_s, to_s, state, self._at, place, self._order, self._courier))


def ways_of(spans: list[Span]) -> Iterator[tuple[int, int]]:
    """Yield from where to where drivers drive."""
    return ((span.origin, span.place) for span in spans if span.origin != span.place)
