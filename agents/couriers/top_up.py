"""Floors on the pay of hours: what couriers top up at the end of a day, and what an order then costs (model 8).

New York's standard method has two requirements. Each driver's time on a courier's trips is paid at least at a rate, and
all drivers' time on trips and on call together at least at another. A driver's waiting belongs to no courier, so time
on line is shared in proportion to the time drivers were engaged on each courier's trips.
"""

import numpy as np
from numpy.typing import NDArray

from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.clock import HOUR_S
from galleria.agents.kernel.order import Orders


def trip_top_ups(floor_usd_per_h: float, engaged_h: Floats, paid_usd: Floats) -> Floats:
    """Return what each courier owes each driver for time on trips, max(0, floor x engaged - paid), float64 [N, J], $.

    Parameters
    ----------
    floor_usd_per_h
        Least pay of a driver's hour on trips.
    engaged_h, paid_usd
        float64 [N, J], hours of each driver on each courier's trips, and what was paid for them, tips apart.
    """
    return np.asarray(np.maximum(0.0, floor_usd_per_h * engaged_h - paid_usd))


def top_ups(floor_usd_per_h: float, online_h: float, engaged_h: Floats, paid_usd: Floats) -> Floats:
    """Return what each courier owes all drivers, max(0, floor x online x engaged_j / engaged - paid_j), float64 [J], $.

    Parameters
    ----------
    floor_usd_per_h
        Least mean pay of an hour on line.
    online_h
        Hours of all drivers on line.
    engaged_h, paid_usd
        float64 [J], hours of drivers on each courier's trips, and what these paid, tips apart.
    """
    engaged = float(engaged_h.sum())
    if engaged == 0:
        return np.zeros(len(engaged_h))
    return np.asarray(np.maximum(0.0, floor_usd_per_h * online_h * engaged_h / engaged - paid_usd))


def order_cost_usd(pay_usd: Floats | float, engaged_h: Floats | float, least_usd_per_engaged_h: float) -> Floats:
    """Return what orders cost in drivers' pay, max(pay, floor / u x engaged), $.

    Under a floor on hours an order costs the hours it takes at the staffing u that couriers keep, in the place of the
    pay of the offer and not beside it: pay that is part of the floor only lowers the top-up.

    Parameters
    ----------
    pay_usd, engaged_h
        Pay of orders, and hours of drivers on their trips.
    least_usd_per_engaged_h
        What an hour on a trip costs at least with the waiting that goes with it; 0 without floors.
    """
    return np.asarray(np.maximum(pay_usd, least_usd_per_engaged_h * engaged_h))


def engaged_hours(orders: Orders, rows: NDArray[np.int64]) -> Floats:
    """Return each order's part of the hours from acceptance to the last door of its trip, float64 [m].

    Parameters
    ----------
    orders, rows
        Orders that gig drivers delivered, whole trips of them.
    """
    trip, which = np.unique(orders.trip[rows], return_inverse=True)
    begin_s, end_s = np.full(len(trip), np.inf), np.full(len(trip), -np.inf)
    np.minimum.at(begin_s, which, orders.accepted_s[rows])
    np.maximum.at(end_s, which, orders.delivered_s[rows])
    parcels = np.bincount(which, minlength=len(trip))
    return np.asarray((end_s - begin_s)[which] / parcels[which] / HOUR_S)
