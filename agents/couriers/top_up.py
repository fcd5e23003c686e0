"""Top-ups: what couriers pay drivers at the end of a day to reach a floor on the pay of the time on line (model 8).

The floor is a mean over all drivers, as in New York's standard method. A driver's waiting belongs to no courier, so
time on line is shared in proportion to the time drivers were engaged on each courier's trips.
"""

import numpy as np

from agents.kernel.arrays import Floats
from agents.kernel.order import Orders


def top_ups(floor_usd_per_h: float, online_h: float, engaged_h: Floats, paid_usd: Floats) -> Floats:
    """Return what each courier owes, max(0, floor x online x engaged_j / engaged - paid_j), float64 [J], $.

    Parameters
    ----------
    floor_usd_per_h
        Least pay of an hour on line.
    online_h
        Hours of all drivers on line.
    engaged_h, paid_usd
        float64 [J], hours of drivers on each courier's trips, and what these paid, tips apart.
    """
    engaged = float(engaged_h.sum())
    if engaged == 0:
        return np.zeros(len(engaged_h))
    return np.asarray(np.maximum(0.0, floor_usd_per_h * online_h * engaged_h / engaged - paid_usd))


def engaged_hours(orders: Orders, rows: np.ndarray[tuple[int], np.dtype[np.int64]], couriers: int) -> Floats:
    """Count the hours from acceptance to the last door of the trips with some delivered orders, float64 [J].

    Parameters
    ----------
    orders, rows
        Orders that gig drivers delivered.
    couriers
        J.
    """
    trip, which = np.unique(orders.trip[rows], return_inverse=True)
    begin_s, end_s = np.full(len(trip), np.inf), np.full(len(trip), -np.inf)
    np.minimum.at(begin_s, which, orders.accepted_s[rows])
    np.maximum.at(end_s, which, orders.delivered_s[rows])
    parcels = np.bincount(which, minlength=len(trip))
    share_h = (end_s - begin_s)[which] / parcels[which] / 3600
    return np.bincount(orders.courier[rows], weights=share_h, minlength=couriers)
