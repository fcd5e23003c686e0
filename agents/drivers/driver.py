"""Drivers: when they work, for whom, which offers they accept, and how their time adds up (model 7.4)."""

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import Annotated, Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray
from pydantic import Field

from agents.drivers.contracts import NOBODY
from agents.kernel.arrays import Bools, Floats, Ints
from agents.kernel.clock import DAY_S, HOUR_S
from agents.kernel.parameters import EVERY_HOUR, NonNegative, Parameters, Positive, SdLog, Share
from agents.kernel.population import Column, Handle, Population


class ReservationSettings(Parameters):
    """Lognormal reservation wages."""

    median_usd_per_h: Annotated[float, Field(gt=0, le=500)]
    sd_log: SdLog
    hourly_sd_log: SdLog


class RelocationSettings(Parameters):
    """When and how idle drivers go elsewhere; a null sensitivity switches it off."""

    theta_per_usd: Annotated[float, Field(gt=0, le=10)] | None
    after_min: NonNegative
    rate: Share


class DriverSettings(Parameters):
    """Gig drivers in their own cars; units and sources stand in conf/drivers."""

    pool: Annotated[int, Field(ge=1, le=200_000)]
    reservation: ReservationSettings
    hour_taste: Annotated[tuple[Positive, ...], EVERY_HOUR]
    cost_usd_per_km: Annotated[float, Field(ge=0, le=10)]
    acceptance_scale_usd: Annotated[float, Field(ge=0, le=100)]
    belief_rate: Share
    minimum_wage_usd_per_h: Annotated[float, Field(ge=0, le=100)]
    log_on_cost_usd: Annotated[float, Field(ge=0, le=100)]
    longest_day_h: Annotated[float, Field(ge=0, le=24)]
    app_cost_usd_per_h: Annotated[float, Field(ge=0, le=20)]
    leave_after_weeks: Annotated[int, Field(ge=1, le=52)]
    leave_below_share: Annotated[float, Field(ge=0, le=2)]
    multi_homing_share: Share
    door_min: Annotated[float, Field(ge=0, le=120)]
    relocation: RelocationSettings


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


NO_ORDER = -1
"""In the place of an order: the driver goes elsewhere without one."""


class Drivers(Population):
    """The pool. A driver is off line, idle at a place, on a trip or on the way to another zone; never two at once.

    `relocations` lists (time, km) of all ways to other zones.
    """

    in_pool = Column(np.bool_, "-", "still ready to work at all")
    home = Column(np.int32, "place", "where the driver lives and logs on")
    apps = Column(np.int64, "bit mask", "couriers the driver works for")
    reservation_usd_per_h = Column(np.float64, "$/h", "net pay below which the driver stays at home")
    hourly_taste = Column(np.float64, "-", "factor on the reservation wage in each hour of day", per="hour")
    belief_usd_per_h = Column(np.float64, "$/h", "expected net pay per hour on line", per="hour")
    offset_s = Column(np.float64, "s", "when in the hour the driver decides")
    place = Column(np.int32, "place", "where the driver is, or will be when free", kept=True)
    free_s = Column(np.float64, "s", "end of the present trip, or of the last one", kept=True)
    parcels = Column(np.int32, "-", "orders of the present trip that are not handed over yet", kept=True)
    online = Column(np.bool_, "-", "logged on")
    busy = Column(np.bool_, "-", "on a trip, or on the way to another zone", kept=True)
    idle = Column(np.bool_, "-", "logged on and not busy", kept=True)
    leaving = Column(np.bool_, "-", "logs off at the end of the trip", kept=True)
    since_s = Column(np.float64, "s", "log-on time", kept=True)
    idle_since_s = Column(np.float64, "s", "start of the present idle time", kept=True)
    log_ons = Column(np.int32, "-", "times logged on whose cost is not booked yet", kept=True)
    costed_s = Column(np.float64, "s", "time on line whose cost of further apps is booked", kept=True)
    online_s = Column(np.float64, "s", "time on line, booked at log-off", kept=True)
    idle_s = Column(np.float64, "s", "time waiting for an offer", kept=True)
    to_pickup_s = Column(np.float64, "s", "time driving empty to stores", kept=True)
    at_store_s = Column(np.float64, "s", "time waiting and taking over at stores", kept=True)
    to_door_s = Column(np.float64, "s", "time driving with parcels", kept=True)
    at_door_s = Column(np.float64, "s", "time handing over at doors", kept=True)
    relocate_s = Column(np.float64, "s", "time driving to other zones without an order", kept=True)
    pickup_km = Column(np.float64, "km", "driven empty to stores", kept=True)
    loaded_km = Column(np.float64, "km", "driven with parcels", kept=True)
    relocate_km = Column(np.float64, "km", "driven to other zones without an order", kept=True)
    costed_km = Column(np.float64, "km", "of these, those whose cost is booked", kept=True)
    orders = Column(np.int32, "-", "orders delivered", kept=True)
    forgone_usd = Column(
        np.float64, "$", "reservation wages of the hours on line, booked at log-off and midnight", kept=True
    )
    net_usd_by_hour = Column(
        np.float64, "$", "today's pay and tips less driving, by hour of acceptance", per="hour", kept=True
    )
    online_s_by_hour = Column(np.float64, "s", "today's time on line by hour", per="hour", kept=True)
    hired_by = Column(
        np.int16, "-", "courier whose contract the driver works under in the hour, or -1", per="hour", kept=True
    )
    net_usd_by_week = Column(np.float64, "$", "pay and tips less driving in the last weeks", per="week", kept=True)
    online_s_by_week = Column(np.float64, "s", "time on line in the last weeks", per="week", kept=True)

    def __init__(self, size: int, weeks: int = 1) -> None:
        super().__init__(size, hour=24, week=weeks)
        self.in_pool[:] = True
        self.hired_by[:] = NOBODY
        self.under_contract = False
        self.shift_changes: list[tuple[float, int, bool]] = []
        self._next_change = 0
        self._trips: list[tuple[float, int, int]] = []
        self._relocating = 0
        self.now_s = 0.0
        self.relocations: list[tuple[float, float]] = []

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
        reservation = self.asks_usd_per_h(settings)
        working = self.online & ~self.leaving
        willing = admit_within_caps(
            plan_hours(self.belief_usd_per_h, reservation, working, settings) & self.in_pool[:, None]
        )
        hired = self.hired_by != NOBODY
        self.under_contract = bool(hired.any())
        willing |= hired
        before = np.column_stack([working, willing[:, :-1]])
        row, hour = np.nonzero(willing != before)
        time = day * DAY_S + hour * 3600 + self.offset_s[row]
        order = np.lexsort((row, time))
        self.shift_changes = list(
            zip(time[order].tolist(), row[order].tolist(), willing[row, hour][order].tolist(), strict=True)
        )
        self._next_change = 0
        self.net_usd_by_hour[:] = 0
        self.online_s_by_hour[:] = 0

    def next_event_s(self) -> float:
        """Return the time of the next shift change or end of a trip, inf for none."""
        has_change = self._next_change < len(self.shift_changes)
        change = self.shift_changes[self._next_change][0] if has_change else np.inf
        return min(change, self._trips[0][0] if self._trips else np.inf)

    @property
    def carried(self) -> int:
        """Number of orders that drivers are on their way with."""
        return len(self._trips) - self._relocating

    def advance(self, until_s: float) -> list[int]:
        """End trips and carry out shift changes due by `until_s`, in order of time; return the orders delivered."""
        delivered: list[int] = []
        while (time := self.next_event_s()) <= until_s:
            if self._trips and self._trips[0][0] == time:
                order = self._finish()
                if order != NO_ORDER:
                    delivered.append(order)
            else:
                self._change_shift()
        self.now_s = until_s
        return delivered

    def _finish(self) -> int:
        time, row, order = heappop(self._trips)
        if order == NO_ORDER:
            self._relocating -= 1
        else:
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
        time, row, starts = self.shift_changes[self._next_change]
        self._next_change += 1
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

    @property
    def on_duty(self) -> Bools:
        """Return who is logged on or ends a last trip, bool [n]."""
        return self.online | self.busy

    def asks_usd_per_h(self, settings: DriverSettings, rows: Ints | slice = slice(None)) -> Floats:
        """Return the net pay below which drivers stay at home, r_i g_h xi_ih and the cost of each further app.

        Parameters
        ----------
        settings
            Cost of a further app.
        rows
            The drivers, n of them.

        Returns
        -------
        float64 [n, 24].
        """
        apps_usd = settings.app_cost_usd_per_h * further_apps(self.apps[rows])
        return self.reservation_usd_per_h[rows, None] * self.hourly_taste[rows] + apps_usd[:, None]

    def shift_costs_usd(self, until_s: float, settings: DriverSettings) -> tuple[Floats, Floats]:
        """Return what logging on, and the trouble of further apps, have cost since it was last asked, float64 [n]."""
        online_s = self.online_s + np.where(self.on_duty, until_s - self.since_s, 0.0)
        log_on_usd = settings.log_on_cost_usd * self.log_ons.astype(np.float64)
        apps_usd = settings.app_cost_usd_per_h * further_apps(self.apps) * (online_s - self.costed_s) / HOUR_S
        self.log_ons[:] = 0
        self.costed_s[:] = online_s
        return log_on_usd, apps_usd

    def captive_of(self, rows: Ints, now_s: float) -> Ints:
        """Return the couriers under whose contract drivers work at a moment, NOBODY for none."""
        if not self.under_contract:
            return np.full(len(rows), NOBODY, np.int16)
        hour = ((now_s - self.offset_s[rows]) // HOUR_S % 24).astype(np.int64)
        return self.hired_by[rows, hour]

    def close_week(self, settings: DriverSettings) -> None:
        """Let those leave the pool for good who in all the last weeks worked, and earned too little an hour."""
        hours = self.online_s_by_week.sum(axis=1) / HOUR_S
        worked = (self.online_s_by_week > 0).all(axis=1)
        net_usd = self.net_usd_by_week.sum(axis=1)
        self.in_pool[worked & (net_usd < settings.leave_below_share * self.reservation_usd_per_h * hours)] = False
        for weeks in (self.net_usd_by_week, self.online_s_by_week):
            weeks[:, 1:] = weeks[:, :-1].copy()
            weeks[:, 0] = 0.0

    def available_for(self, courier: int, now_s: float, soon_s: float) -> tuple[Ints, Floats]:
        """List who works for a courier and is idle, or free by `soon_s` to go on: rows in order, and when each is free.

        Drivers under the contract of another courier are left out.
        """
        rows, free_s = _free_soon(self.idle, self.busy, self.leaving, self.free_s, self.apps, courier, now_s, soon_s)
        if self.under_contract:
            contract = self.captive_of(rows, now_s)
            mine = (contract == NOBODY) | (contract == courier)
            rows, free_s = rows[mine], free_s[mine]
        return rows, free_s

    def on(self, courier: int) -> Bools:
        """Return which drivers work for a courier, bool [n]."""
        return (self.apps >> courier & 1).astype(np.bool_)

    def depart(self, trips: Trips) -> None:
        """Start trips: their whole course is known, so clocks and places are booked at once."""
        row = trips.driver
        self.busy[row] = True
        self.idle[row] = False
        self.idle_s[row] += trips.accepted_s - self.idle_since_s[row]
        self.to_pickup_s[row] += trips.arrived_s - trips.accepted_s
        self.at_store_s[row] += trips.picked_s - trips.arrived_s
        self.to_door_s[row] += trips.to_door_s
        self.at_door_s[row] += trips.at_door_s
        self.pickup_km[row] += trips.pickup_km
        self.loaded_km[row] += trips.loaded_km
        self.net_usd_by_hour[row, self._hour(trips)] += trips.net_usd
        self._head_for(trips)

    def relocate(
        self, row: Ints, goal: Ints, now_s: float, arrives_s: Floats, km: Floats, cost_usd_per_km: float
    ) -> None:
        """Send idle drivers elsewhere without an order; until they arrive they are offered none to begin at once."""
        self.busy[row] = True
        self.idle[row] = False
        self.idle_s[row] += now_s - self.idle_since_s[row]
        self.relocate_s[row] += arrives_s - now_s
        self.relocate_km[row] += km
        self.net_usd_by_hour[row, int(now_s // HOUR_S % 24)] -= cost_usd_per_km * km
        self.place[row] = goal
        self.free_s[row] = arrives_s
        self._relocating += len(row)
        self.relocations += [(now_s, each) for each in km.tolist()]
        for time, who in zip(arrives_s.tolist(), row.tolist(), strict=True):
            heappush(self._trips, (time, who, NO_ORDER))

    def relocation_costs_usd(self, cost_usd_per_km: float) -> Floats:
        """Return what ways to other zones have cost since it was last asked, float64 [n]."""
        cost_usd = cost_usd_per_km * (self.relocate_km - self.costed_km)
        self.costed_km[:] = self.relocate_km
        return np.asarray(cost_usd)

    def revise(self, old: Trips, new: Trips) -> None:
        """Put trips with further orders in the place of those under way; the drivers have not left the store."""
        row = old.driver
        self.at_store_s[row] += new.picked_s - old.picked_s
        self.to_door_s[row] += new.to_door_s - old.to_door_s
        self.at_door_s[row] += new.at_door_s - old.at_door_s
        self.loaded_km[row] += new.loaded_km - old.loaded_km
        self.net_usd_by_hour[row, self._hour(old)] += new.net_usd - old.net_usd
        drivers = set(row.tolist())
        self._trips = [each for each in self._trips if each[1] not in drivers]
        heapify(self._trips)
        self._head_for(new)

    def _head_for(self, trips: Trips) -> None:
        self.place[trips.driver] = trips.destination
        self.free_s[trips.driver] = trips.end_s
        for row, doors in zip(trips.driver.tolist(), trips.doors, strict=True):
            self.parcels[row] = len(doors)
            for time, order in doors:
                heappush(self._trips, (time, row, order))

    @staticmethod
    def _hour(trips: Trips) -> Ints:
        return (trips.accepted_s // 3600 % 24).astype(np.int64)

    def send_home(self, now_s: float) -> None:
        """Let those arrive who are on the way to another zone, and log off everyone who is idle: the run ends."""
        for time, row, order in self._trips:
            if order == NO_ORDER:
                self._wait(row, time)
        for row in np.flatnonzero(self.idle).tolist():
            self._log_off(row, max(now_s, float(self.idle_since_s[row])))

    def close_day(self, day: int) -> None:
        """Book the day's hours of those who are on line at midnight."""
        for row in np.flatnonzero(self.on_duty).tolist():
            self._book_online_hours(row, max(self.since_s[row], day * DAY_S), (day + 1) * DAY_S)

    def learn(self, rate: float, shared: float) -> None:
        """Update beliefs from the day's net pay per hour on line, w <- w + rho h (w_today - w).

        Parameters
        ----------
        rate
            rho. The weight of an hour is the part h of it that was spent on line: a lucky minute is no hour.
        shared
            How far drivers learn, instead, what all earned in an hour together; h is then 1.
        """
        online_h = self.online_s_by_hour / 3600
        own = self.net_usd_by_hour - self.belief_usd_per_h * online_h
        if shared > 0:
            all_h = online_h.sum(axis=0)
            worked = all_h > 0
            rate_of_all = self.net_usd_by_hour.sum(axis=0) / np.where(worked, all_h, 1.0)
            own = own + shared * (np.where(worked, rate_of_all - self.belief_usd_per_h, 0.0) - own)
        self.belief_usd_per_h += rate * own
        self.net_usd_by_week[:, 0] += self.net_usd_by_hour.sum(axis=1)
        self.online_s_by_week[:, 0] += self.online_s_by_hour.sum(axis=1)

    def _log_off(self, row: int, time: float) -> None:
        self.online[row] = self.idle[row] = self.leaving[row] = False
        self.online_s[row] += time - self.since_s[row]
        self.idle_s[row] += time - self.idle_since_s[row]
        self._book_online_hours(row, max(self.since_s[row], time // DAY_S * DAY_S), time)

    def _book_online_hours(self, row: int, start: float, end: float) -> None:
        while start < end:
            border = min(end, (start // 3600 + 1) * 3600)
            hour = int(start // 3600 % 24)
            self.online_s_by_hour[row, hour] += border - start
            reservation = self.reservation_usd_per_h[row] * self.hourly_taste[row, hour]
            self.forgone_usd[row] += reservation * (border - start) / 3600
            start = border


@njit(cache=True)
def _free_soon(
    idle: Bools, busy: Bools, leaving: Bools, free_s: Floats, apps: Ints, courier: int, now_s: float, soon_s: float
) -> tuple[Ints, Floats]:
    rows, free = np.empty(len(idle), np.int64), np.empty(len(idle))
    count = 0
    for row in range(len(idle)):
        if not apps[row] >> courier & 1:
            continue
        if idle[row] or (busy[row] and not leaving[row] and free_s[row] <= soon_s):
            rows[count], free[count] = row, now_s if idle[row] else free_s[row]
            count += 1
    return rows[:count], free[:count]


class Driver(Handle):
    """One driver; its attributes are the columns of `Drivers`."""

    population: Drivers

    def is_willing(self, hour: int) -> bool:
        """Return whether the driver, at work, would work in an hour of the day, by the rule of `plan_hours`."""
        asks = self.population.asks_usd_per_h(self.model.settings.drivers, np.array([self.row]))
        return bool(is_willing(self.belief_usd_per_h, asks[0])[hour])


def further_apps(apps: Ints) -> Floats:
    """Count the apps after the first in bit masks, int64 [n]; float64 [n]."""
    return np.asarray(np.maximum(np.bitwise_count(apps.astype(np.uint64)).astype(np.float64) - 1, 0.0))


def plan_hours(belief_usd_per_h: Floats, asks_usd_per_h: Floats, working: Bools, settings: DriverSettings) -> Bools:
    """Decide on the hours of a day, one after the other.

    Who works goes on while w_hat >= r; who does not starts only if the first hour also pays the cost of logging on;
    and nobody works more than the longest day.

    Parameters
    ----------
    belief_usd_per_h, asks_usd_per_h
        float64 [N, 24], expected net pay, and pay below which one does not work.
    working
        bool [N], who works as the day begins.
    settings
        Cost of logging on and longest day.

    Returns
    -------
    bool [N, 24].
    """
    goes_on = is_willing(belief_usd_per_h, asks_usd_per_h)
    starts = is_willing(belief_usd_per_h, asks_usd_per_h + settings.log_on_cost_usd)
    works = np.empty_like(goes_on)
    hours = np.zeros(len(working))
    for hour in range(24):
        working = np.where(working, goes_on[:, hour], starts[:, hour]) & (hours < settings.longest_day_h)
        hours += working
        works[:, hour] = working
    return works


def is_willing(belief_usd_per_h: Floats, reservation_usd_per_h: Floats) -> Bools:
    """Return who works: expected net pay at least the reservation wage, w_hat_ih >= r_i g_h xi_ih."""
    return np.asarray(belief_usd_per_h >= reservation_usd_per_h)


def accept(
    income_usd: Floats,
    km: Floats,
    hours: Floats,
    reservation_usd_per_h: Floats,
    cost_usd_per_km: float,
    scale_usd: float,
    noise: Floats,
) -> Bools:
    """Decide on offers by their net gain g = pay + tip - c_km km - r hours, accepted with odds exp(g / s).

    Parameters
    ----------
    income_usd
        float64 [m], pay and expected tip.
    km, hours
        float64 [m], of the whole trip with the empty way to the store.
    reservation_usd_per_h
        float64 [m], of the drivers asked.
    cost_usd_per_km, scale_usd
        Driving cost; scale s of the logistic noise, 0 for a sharp threshold.
    noise
        float64 [m], uniform in (0, 1).
    """
    gain = income_usd - cost_usd_per_km * km - reservation_usd_per_h * hours
    return np.asarray(gain + scale_usd * (np.log(noise) - np.log1p(-noise)) >= 0)
