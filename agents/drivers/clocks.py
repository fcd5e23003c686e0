"""Clocks: how drivers' time, kilometres and costs add up (model 3, 7.4).

The whole course of a trip is known as it is accepted, so it is booked at once; idle time and time on line are booked as
they end.
"""

import numpy as np

from galleria.agents.drivers.columns import DriverColumns
from galleria.agents.drivers.settings import DriverSettings
from galleria.agents.drivers.shifts import further_apps
from galleria.agents.drivers.trips import Trips
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.clock import DAY_S, HOUR_S


def book_trips(drivers: DriverColumns, trips: Trips) -> None:
    """Book trips that begin."""
    row = trips.driver
    drivers.idle_s[row] += trips.accepted_s - drivers.idle_since_s[row]
    drivers.to_pickup_s[row] += trips.arrived_s - trips.accepted_s
    drivers.at_store_s[row] += trips.picked_s - trips.arrived_s
    drivers.to_door_s[row] += trips.to_door_s
    drivers.at_door_s[row] += trips.at_door_s
    drivers.pickup_km[row] += trips.pickup_km
    drivers.loaded_km[row] += trips.loaded_km
    drivers.net_usd_by_hour[row, hour_of_pay(trips.accepted_s)] += trips.net_usd


def book_revision(drivers: DriverColumns, old: Trips, new: Trips) -> None:
    """Book what trips take that have changed before their drivers left the store."""
    row = old.driver
    drivers.at_store_s[row] += new.picked_s - old.picked_s
    drivers.to_door_s[row] += new.to_door_s - old.to_door_s
    drivers.at_door_s[row] += new.at_door_s - old.at_door_s
    drivers.loaded_km[row] += new.loaded_km - old.loaded_km
    drivers.net_usd_by_hour[row, hour_of_pay(old.accepted_s)] += new.net_usd - old.net_usd


def book_relocations(
    drivers: DriverColumns, row: Ints, now_s: float, arrives_s: Floats, km: Floats, cost_usd_per_km: Floats | float
) -> None:
    """Book the ways of idle drivers to other zones."""
    drivers.idle_s[row] += now_s - drivers.idle_since_s[row]
    drivers.relocate_s[row] += arrives_s - now_s
    drivers.relocate_km[row] += km
    drivers.net_usd_by_hour[row, hour_of_pay(np.array(now_s))] -= cost_usd_per_km * km


def book_log_off(drivers: DriverColumns, row: int, time: float) -> None:
    """Book the shift of a driver who logs off."""
    drivers.online_s[row] += time - drivers.since_s[row]
    drivers.idle_s[row] += time - drivers.idle_since_s[row]
    _book_hours(drivers, row, max(drivers.since_s[row], time // DAY_S * DAY_S), time)


def book_midnight(drivers: DriverColumns, day: int) -> None:
    """Book the day's hours of those who are on line at midnight."""
    for row in np.flatnonzero(drivers.on_duty).tolist():
        _book_hours(drivers, row, max(drivers.since_s[row], day * DAY_S), (day + 1) * DAY_S)


def shift_costs_usd(drivers: DriverColumns, until_s: float, settings: DriverSettings) -> tuple[Floats, Floats]:
    """Return what logging on, and the trouble of further apps, have cost since it was last asked, float64 [N]."""
    online_s = drivers.online_s + np.where(drivers.on_duty, until_s - drivers.since_s, 0.0)
    log_on_usd = settings.log_on_cost_usd * drivers.log_ons.astype(np.float64)
    apps_usd = settings.app_cost_usd_per_h * further_apps(drivers.apps) * (online_s - drivers.costed_s) / HOUR_S
    drivers.log_ons[:] = 0
    drivers.costed_s[:] = online_s
    return log_on_usd, apps_usd


def relocation_costs_usd(drivers: DriverColumns, cost_usd_per_km: Floats | float) -> Floats:
    """Return what ways to other zones have cost since it was last asked, float64 [N]; costs by driver, or for all."""
    cost_usd = cost_usd_per_km * (drivers.relocate_km - drivers.costed_km)
    drivers.costed_km[:] = drivers.relocate_km
    return np.asarray(cost_usd)


def close_weeks(drivers: DriverColumns, settings: DriverSettings) -> None:
    """Let those leave the pool for good who in all the last weeks worked, and earned too little an hour."""
    hours = drivers.online_s_by_week.sum(axis=1) / HOUR_S
    worked = (drivers.online_s_by_week > 0).all(axis=1)
    net_usd = drivers.net_usd_by_week.sum(axis=1)
    too_little = net_usd < settings.leave_below_share * drivers.reservation_usd_per_h * hours
    drivers.in_pool[worked & too_little] = False
    for weeks in (drivers.net_usd_by_week, drivers.online_s_by_week):
        weeks[:, 1:] = weeks[:, :-1].copy()
        weeks[:, 0] = 0.0


def _book_hours(drivers: DriverColumns, row: int, start: float, end: float) -> None:
    """Book time on line, and what it would have been worth elsewhere, by the hours of the clock."""
    while start < end:
        border = min(end, (start // HOUR_S + 1) * HOUR_S)
        hour = int(start // HOUR_S % 24)
        drivers.online_s_by_hour[row, hour] += border - start
        reservation = drivers.reservation_usd_per_h[row] * drivers.hourly_taste[row, hour]
        drivers.forgone_usd[row] += reservation * (border - start) / HOUR_S
        start = border


def hour_of_pay(accepted_s: Floats) -> Ints:
    """Return the hour of day in which pay counts: of the acceptance; at midnight, which closes the day, the last."""
    return np.where(accepted_s % DAY_S == 0, 23, accepted_s // HOUR_S % 24).astype(np.int64)
