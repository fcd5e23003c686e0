"""Turnover: who drives for a while is followed by somebody new (model 7.4).

A place in the pool passes on with the same chance every day, 1 - (1 - m)^(1 / days of a month) for a share m of them a
month, while its driver is off line. Who comes asks wages of their own, has delivered nothing yet, and believes of each
hour what the pool believes on average, which is what one hears. The pool stays as large as it is; whether newcomers
work, and when, is for them to decide, by pay against what they ask.
"""

import numpy as np

from galleria.agents.drivers.driver import Drivers
from galleria.agents.drivers.settings import DriverSettings
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.clock import DAYS_PER_MONTH


def wages(settings: DriverSettings, normal: Floats) -> tuple[Floats, Floats]:
    """Turn standard normal numbers, float64 [N, 25], into reservation wages, [N], $/h, and tastes of hours, [N, 24]."""
    wage = settings.reservation
    reservation_usd_per_h = wage.median_usd_per_h * np.exp(wage.sd_log * normal[:, 0])
    return reservation_usd_per_h, np.array(settings.hour_taste) * np.exp(wage.hourly_sd_log * normal[:, 1:])


def turn_over(drivers: Drivers, settings: DriverSettings, uniform: Floats, normal: Floats) -> Ints:
    """Let newcomers take the places of some drivers, and return these rows.

    Parameters
    ----------
    drivers, settings
        The pool; `turnover_per_month`, and what newcomers ask.
    uniform, normal
        float64 [N] and [N, 25], random numbers of the day by place in the pool: who goes, and what a newcomer is like.
    """
    chance = 1 - (1 - settings.turnover_per_month) ** (1 / DAYS_PER_MONTH)
    rows = np.flatnonzero((uniform < chance) & ~drivers.on_duty & ~drivers.removed)
    believed = drivers.belief_usd_per_h[~drivers.removed].mean(axis=0)
    reservation_usd_per_h, taste = wages(settings, normal[rows])
    drivers.reservation_usd_per_h[rows], drivers.hourly_taste[rows] = reservation_usd_per_h, taste
    drivers.belief_usd_per_h[rows] = believed
    drivers.orders_before[rows] = drivers.orders[rows]
    drivers.net_usd_by_week[rows] = drivers.online_s_by_week[rows] = 0.0
    drivers.in_pool[rows] = True
    return rows
