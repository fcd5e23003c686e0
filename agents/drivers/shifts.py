"""Shifts: in which hours drivers work, and when in the hour they log on and off (model 7.4)."""

from math import inf

import numpy as np

from galleria.agents.drivers.columns import DriverColumns
from galleria.agents.drivers.settings import DriverSettings
from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.kernel.clock import DAY_S, HOUR_S


class Shifts:
    """The shift changes of a day: (time, driver, whether a shift starts), in order of time."""

    def __init__(self) -> None:
        self.changes: list[tuple[float, int, bool]] = []
        self._next = 0

    def plan(self, day: int, drivers: DriverColumns, working: Bools, willing: Bools) -> None:
        """Let what changes from hour to hour be shift changes.

        Parameters
        ----------
        day, drivers
            Its number; who decides, each at an own time within the hour.
        working, willing
            bool [N], who works as the day begins, and bool [N, 24], who will in each hour.
        """
        before = np.column_stack([working, willing[:, :-1]])
        row, hour = np.nonzero(willing != before)
        time = day * DAY_S + hour * HOUR_S + drivers.offset_s[row]
        order = np.lexsort((row, time))
        self.changes = list(
            zip(time[order].tolist(), row[order].tolist(), willing[row, hour][order].tolist(), strict=True)
        )
        self._next = 0

    @property
    def next_s(self) -> float:
        """Time of the next shift change, inf for none."""
        return self.changes[self._next][0] if self._next < len(self.changes) else inf

    def pop(self) -> tuple[float, int, bool]:
        """Take out the next shift change."""
        self._next += 1
        return self.changes[self._next - 1]


def asks_usd_per_h(drivers: DriverColumns, settings: DriverSettings, rows: Ints | slice = slice(None)) -> Floats:
    """Return the net pay below which drivers stay at home, r_i g_h xi_ih and the cost of each further app.

    Parameters
    ----------
    drivers, settings
        Who; cost of a further app.
    rows
        The drivers asked for, n of them.

    Returns
    -------
    float64 [n, 24].
    """
    apps_usd = settings.app_cost_usd_per_h * further_apps(drivers.apps[rows])
    return drivers.reservation_usd_per_h[rows, None] * drivers.hourly_taste[rows] + apps_usd[:, None]


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
