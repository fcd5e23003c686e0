"""Rounds: fleets match what waits with drivers, one after the other, and drivers hand over (model 3)."""

from collections.abc import Iterable
from math import ceil, floor
from typing import Protocol

from galleria.agents.couriers.fleet import Fleet
from galleria.agents.kernel.clock import DAY_S
from galleria.agents.kernel.noise import hashed_integer
from galleria.agents.kernel.order import MEALS, Status
from galleria.models.streams import Stream
from galleria.models.world import World


class Dispatcher(Protocol):
    """A courier, or its fleet for meals."""

    @property
    def number(self) -> int:
        """The courier's."""

    def dispatch(self, now_s: float) -> None:
        """Decide who delivers what."""


class Rounds:
    """Lets fleets dispatch, and says when the next of them can.

    Parameters
    ----------
    world
        Whose couriers, and whose fleets for meals.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._key = world.streams.key(Stream.TIE_BREAK, "couriers")

    @property
    def waits(self) -> bool:
        """Whether an order waits for a driver, or for its customer."""
        return any(fleet.is_matching for fleet in self._fleets())

    def hand_over(self, now_s: float) -> None:
        """Let drivers go on until now, and end the orders that they hand over."""
        numbers = self.world.drivers.advance(now_s)
        self.world.orders.close([number for number in numbers if number < MEALS], Status.DELIVERED)
        meals = [number - MEALS for number in numbers if number >= MEALS]
        self.world.meals.orders.close(meals, Status.DELIVERED)

    def dispatch(self, now_s: float) -> None:
        """Let those dispatch that have orders waiting, in an order drawn afresh, so that none is always first."""
        couriers = len(self.world.couriers)
        waiting: list[tuple[int, Dispatcher]] = [
            *((each.number, each) for each in self.world.couriers if each.fleet.is_matching),
            *((couriers + each.number, each) for each in self.world.meals.dispatchers if each.is_matching),
        ]
        if len(waiting) > 1:
            moment = round(now_s * 1000)
            waiting.sort(key=lambda turn: hashed_integer(self._key, moment, turn[0]))
        for _, each in waiting:
            each.dispatch(now_s)

    def next_s(self, events_s: Iterable[float]) -> float:
        """Return the end of the next interval in which anything can happen, or the next event if there are none.

        Parameters
        ----------
        events_s
            What may happen beside what drivers and fleets do, the end of the day apart.
        """
        interval_s, clock, fleets = self.world.settings.dispatch.interval_s, self.world.clock, self._fleets()
        tick = floor(clock.now_s / interval_s) + 1 if interval_s else 0
        if interval_s and any(fleet.can_send for fleet in fleets):
            return tick * interval_s
        events = [self.world.drivers.next_event_s(), (clock.day + 1) * DAY_S, *events_s]
        events += [fleet.next_event_s(clock.now_s) for fleet in fleets]
        event_s = min(time for time in events if time > clock.now_s)
        return max(tick, ceil(event_s / interval_s)) * interval_s if interval_s else event_s

    def _fleets(self) -> list[Fleet]:
        return [*(courier.fleet for courier in self.world.couriers), *self.world.meals.dispatchers]
