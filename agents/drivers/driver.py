"""Drivers: what becomes of them from moment to moment, and how they answer couriers (model 7.4)."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from galleria.agents.drivers.availability import free_soon
from galleria.agents.drivers.beliefs import Weights, heard, learnt
from galleria.agents.drivers.clocks import book_log_off, book_midnight, book_relocations, book_revision, book_trips
from galleria.agents.drivers.columns import DriverColumns
from galleria.agents.drivers.contracts import NOBODY
from galleria.agents.drivers.settings import DriverSettings
from galleria.agents.drivers.shifts import Shifts, asks_usd_per_h, is_willing, plan_hours
from galleria.agents.drivers.trips import NO_ORDER, TripQueue, Trips
from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.kernel.clock import HOUR_S
from galleria.agents.kernel.journal import Journal, Move, Shift
from galleria.agents.kernel.population import Handle


class Drivers(DriverColumns):
    """The pool. A driver is off line, idle at a place, on a trip or on the way to another zone; never two at once.

    Attributes
    ----------
    shifts, trips
        When drivers log on and off today, and what they are on their way with.
    relocations
        (time, km) of all ways to other zones.
    under_contract
        Whether somebody works under a contract today.
    orders_before
        int64 [N], orders delivered by those who had the place in the pool before.
    now_s
        Until when drivers have been advanced.
    journal
        Where shifts and ways to other zones are noted in runs that are recorded, else None.
    """

    def __init__(self, size: int, weeks: int = 1) -> None:
        super().__init__(size, hour=24, week=weeks)
        self.in_pool[:] = True
        self.hired_by[:] = NOBODY
        self.under_contract = False
        self.orders_before = np.zeros(size, np.int64)
        self.shifts, self.trips = Shifts(), TripQueue()
        self.relocations: list[tuple[float, float]] = []
        self.now_s = 0.0
        self.journal: Journal | None = None

    def plan_day(
        self, day: int, settings: DriverSettings, admit_within_caps: Callable[[Bools], Bools] = lambda wants: wants
    ) -> None:
        """Let every driver decide for each hour of the day; what changes from hour to hour is a shift change.

        Parameters
        ----------
        day, settings
            Its number; costs and limits of shifts.
        admit_within_caps
            Which of the hours wanted, bool [N, 24], couriers let drivers work.
        """
        working = self.online & ~self.leaving
        wants = plan_hours(self.belief_usd_per_h, asks_usd_per_h(self, settings), working, settings)
        hired = self.hired_by != NOBODY
        self.under_contract = bool(hired.any())
        self.shifts.plan(day, self, working, admit_within_caps(wants & self.in_pool[:, None]) | hired)
        self.km_at_midnight[:] = self.driven_km
        self.net_usd_by_hour[:] = 0
        self.online_s_by_hour[:] = 0

    def next_event_s(self) -> float:
        """Return the time of the next shift change or end of a trip, inf for none."""
        return min(self.shifts.next_s, self.trips.next_s)

    @property
    def carried(self) -> int:
        """Number of orders that drivers are on their way with."""
        return self.trips.carried

    def advance(self, until_s: float) -> list[int]:
        """End trips and carry out shift changes due by `until_s`, in order of time; return the orders delivered."""
        delivered: list[int] = []
        while (time := self.next_event_s()) <= until_s:
            if self.trips.next_s == time:
                order = self._stop()
                if order != NO_ORDER:
                    delivered.append(order)
            else:
                self._change_shift()
        self.now_s = until_s
        return delivered

    def _stop(self) -> int:
        """Let a driver hand over an order, or arrive in another zone; return the order."""
        time, row, order = self.trips.pop()
        if order != NO_ORDER:
            self.orders[row] += 1
            self.parcels[row] -= 1
            if self.parcels[row]:
                return order
        self._wait(row, time)
        return order

    def _wait(self, row: int, time: float) -> None:
        """Let a driver be idle, or go home who wants to."""
        self.busy[row] = False
        self.idle[row] = True
        self.idle_since_s[row] = time
        if self.leaving[row]:
            self._log_off(row, time)

    def _change_shift(self) -> None:
        time, row, starts = self.shifts.pop()
        if starts and self.in_pool[row]:
            self._start(row, time)
        elif self.busy[row]:
            self.leaving[row] = True
        elif self.online[row]:
            self._log_off(row, time)

    def _start(self, row: int, time: float) -> None:
        """Log a driver on, or let one who was about to leave stay."""
        if self.busy[row]:
            self.online[row], self.leaving[row] = True, False
        elif not self.online[row]:
            self.online[row] = self.idle[row] = True
            self.since_s[row] = self.idle_since_s[row] = time
            self.log_ons[row] += 1
            self.place[row] = self.home[row]
            if self.journal is not None:
                self.journal.shifts.append(Shift(time, row, int(self.home[row]), begins=True))

    def write(self, rows: Ints, name: str, values: NDArray[Any]) -> None:
        """Write a column; a driver whose `online` is written logs on or off now, and ends the present trip first.

        Logged off, one stays so until the next shift of the plan begins; logged on, until a shift of the plan ends.
        """
        if name != "online":
            super().write(rows, name, values)
            return
        wants = np.broadcast_to(values, len(rows)) & ~self.removed[rows]
        for row in rows[wants].tolist():
            self._start(row, self.now_s)
        for row in rows[~wants & self.online[rows]].tolist():
            if self.busy[row]:
                self.online[row], self.leaving[row] = False, True
            else:
                self._log_off(row, self.now_s)

    def retire(self, rows: Ints) -> None:
        """Let drivers leave the pool for good; who carries parcels delivers them first."""
        self.in_pool[rows] = False
        self.write(rows, "online", np.zeros(len(rows), np.bool_))

    def _log_off(self, row: int, time: float) -> None:
        self.online[row] = self.idle[row] = self.leaving[row] = False
        book_log_off(self, row, time)
        if self.journal is not None:
            self.journal.shifts.append(Shift(time, row, int(self.place[row]), begins=False))

    def on(self, courier: int) -> Bools:
        """Return which drivers work for a courier, bool [N]."""
        return (self.apps >> courier & 1).astype(np.bool_)

    def captive_of(self, rows: Ints, now_s: float) -> Ints:
        """Return the couriers under whose contract drivers work at a moment, NOBODY for none."""
        if not self.under_contract:
            return np.full(len(rows), NOBODY, np.int16)
        hour = ((now_s - self.offset_s[rows]) // HOUR_S % 24).astype(np.int64)
        return self.hired_by[rows, hour]

    def available_for(self, courier: int, now_s: float, soon_s: float) -> tuple[Ints, Floats]:
        """List who works for a courier and is idle, or free by `soon_s` to go on: rows in order, and when each is free.

        Drivers under the contract of another courier are left out.
        """
        rows, free_s = free_soon(self.idle, self.busy, self.leaving, self.free_s, self.apps, courier, now_s, soon_s)
        if self.under_contract:
            contract = self.captive_of(rows, now_s)
            mine = (contract == NOBODY) | (contract == courier)
            rows, free_s = rows[mine], free_s[mine]
        return rows, free_s

    def depart(self, trips: Trips) -> None:
        """Start trips: their whole course is known, so clocks and places are booked at once."""
        self.busy[trips.driver] = True
        self.idle[trips.driver] = False
        book_trips(self, trips)
        self._head_for(trips)
        self.trips.add(trips)

    def revise(self, old: Trips, new: Trips) -> None:
        """Put trips with further orders in the place of those under way; the drivers have not left the store."""
        book_revision(self, old, new)
        self._head_for(new)
        self.trips.replace(old, new)

    def _head_for(self, trips: Trips) -> None:
        self.place[trips.driver] = trips.destination
        self.free_s[trips.driver] = trips.end_s
        self.parcels[trips.driver] = [len(doors) for doors in trips.doors]

    def relocate(
        self, row: Ints, goal: Ints, now_s: float, arrives_s: Floats, km: Floats, cost_usd_per_km: Floats | float
    ) -> None:
        """Send idle drivers elsewhere without an order; until they arrive they are offered none to begin at once."""
        self.busy[row] = True
        self.idle[row] = False
        book_relocations(self, row, now_s, arrives_s, km, cost_usd_per_km)
        if self.journal is not None:
            self.journal.moves.append(Move(now_s, row, self.place[row].astype(np.int64), goal, arrives_s, km))
        self.place[row] = goal
        self.free_s[row] = arrives_s
        self.trips.relocate(row, arrives_s)
        self.relocations += [(now_s, each) for each in km.tolist()]

    def send_home(self, now_s: float) -> None:
        """Let those arrive who are on the way to another zone, and log off everyone who is idle: the run ends."""
        for time, row in self.trips.relocations():
            self._wait(row, time)
        for row in np.flatnonzero(self.idle).tolist():
            self._log_off(row, max(now_s, float(self.idle_since_s[row])))

    def close_day(self, day: int) -> None:
        """Book the day's hours of those who are on line at midnight."""
        book_midnight(self, day)

    def learn(self, settings: DriverSettings, shared: float) -> None:
        """Update beliefs from the day's net pay per hour on line, and count it among the week's, see `beliefs`."""
        online_h, net_usd = self.online_s_by_hour / HOUR_S, self.net_usd_by_hour
        weights = Weights(settings.belief_rate, settings.hearsay, shared)
        news = heard(net_usd, online_h)
        self.belief_usd_per_h[:] = learnt(self.belief_usd_per_h, net_usd, online_h, news, weights)
        self.net_usd_by_week[:, 0] += net_usd.sum(axis=1)
        self.online_s_by_week[:, 0] += self.online_s_by_hour.sum(axis=1)


class Driver(Handle):
    """One driver; its attributes are the columns of `Drivers`."""

    population: Drivers

    def is_willing(self, hour: int) -> bool:
        """Return whether the driver, at work, would work in an hour of the day, by the rule of `plan_hours`."""
        asks = asks_usd_per_h(self.population, self.model.settings.drivers, np.array([self.row]))
        return bool(is_willing(self.belief_usd_per_h, asks[0])[hour])
