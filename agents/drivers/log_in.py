"""Log-in caps: how many drivers couriers let on line in an hour, and who comes in first (model 7.4, 8).

The time of a driver on several apps is shared by them, so caps are kept for the market: a driver who is in takes one
place, with any of the couriers worked for. Drivers can all be let in if, for each set of couriers, no more of them work
for these alone than these have places (Hall's condition).
"""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import ndtr

from galleria.agents.kernel.arrays import Bools, Floats, Ints

LEAST_SD, MOST_SD = 0.02, 6.0
"""Between which the cheapest is searched."""


def cheapest_sd(wait_usd_per_h: float, driver_usd_per_h: float) -> float:
    """Return the drivers beyond the mean need that cost couriers least, in standard deviations of the need.

    With b of them, the drivers cost c_d b sqrt(a), and the orders that wait, sqrt(a) p(b) / b on average where an order
    waits at all with chance p(b) = 1 / (1 + b Phi(b) / phi(b)), cost c_w each: the sum of both by sqrt(a) is smallest.

    Parameters
    ----------
    wait_usd_per_h
        c_w, what an hour's wait is worth to those who order; couriers lose as much by the orders that stay away.
    driver_usd_per_h
        c_d, what an hour of a driver on line costs, above 0.

    Notes
    -----
    Halfin and Whitt (1981) for the chance to wait; Borst, Mandelbaum and Reiman (2004), Dimensioning large call
    centers, for the choice.
    """

    def cost(sd: float) -> float:
        waits = 1 / (1 + sd * ndtr(sd) / (np.exp(-(sd**2) / 2) / np.sqrt(2 * np.pi)))
        return float(sd + wait_usd_per_h / driver_usd_per_h * waits / sd)

    return float(minimize_scalar(cost, bounds=(LEAST_SD, MOST_SD), method="bounded").x)


def places_on_line(need: Floats, utilisation: float, peak_sd: float) -> Floats:
    """Return how many drivers couriers let in, float64 [K, 24].

    Together max(a / u*, a + b sqrt(a)) for a need a of the market: as few as are engaged for the share u* of their
    time, but enough for the peaks of orders that come at random. Each courier has its part of the need.

    Parameters
    ----------
    need
        float64 [K, 24], drivers engaged on average with what customers want of each courier.
    utilisation
        u*, above 0; 1 if peaks alone count.
    peak_sd
        b, drivers beyond the mean need for the peaks, in standard deviations of the need: square-root staffing.
    """
    together = need.sum(axis=0)
    places = np.maximum(together / utilisation, together + peak_sd * np.sqrt(together))
    return np.asarray(need * places / np.where(together > 0, together, 1.0))


def tiers_by_record(orders: Ints, tiers: int) -> Ints:
    """Return the group of each driver by orders delivered so far, 0 for those with most of them, int64 [N].

    There are `tiers` groups of equal size, let in one after the other; who has delivered nothing is in the last.
    """
    rank = np.empty(len(orders), np.int64)
    rank[np.argsort(-orders, kind="stable")] = np.arange(len(orders))
    tier = rank * tiers // max(1, len(orders))
    return np.where(orders > 0, tier, tiers - 1)


def admit(wants: Bools, working: Bools, apps: Ints, numbers: Ints, places: Floats, tier: Ints, lot: Floats) -> Bools:
    """Decide who is let in, hour by hour.

    Who was in the hour before stays, through midnight too; then come the tiers in turn, in each those who have waited
    longest today, then by lot. Who does not get in waits for the next hour. If all can be let in, all are.

    Parameters
    ----------
    wants
        bool [N, 24], who wants to work in each hour.
    working
        bool [N], who works as the day begins.
    apps
        int64 [N], bit masks of the couriers drivers work for.
    numbers, places
        int [K] and float64 [K, 24], couriers with gig drivers, and how many each lets in.
    tier, lot
        int64 [N] and float64 [N], order of access.

    Returns
    -------
    bool [N, 24], a part of `wants`.
    """
    sets = np.arange(1 << len(numbers))
    member = (sets[:, None] >> np.arange(len(numbers)) & 1).astype(np.float64)
    mine = ((apps[:, None] >> numbers & 1) << np.arange(len(numbers))).sum(axis=1)
    takes = (mine[:, None] & ~sets) == 0
    takes[mine == 0] = False
    room = np.ceil(member @ places - 1e-9)
    inside = np.zeros_like(wants)
    was_in, waited = working, np.zeros(len(apps), np.int64)
    for hour in range(wants.shape[1]):
        asking = np.flatnonzero(wants[:, hour])
        order = asking[np.lexsort((lot[asking], -waited[asking], tier[asking], ~was_in[asking]))]
        was_in = np.zeros(len(apps), np.bool_)
        was_in[_fitting(order, takes, room[:, hour])] = True
        inside[:, hour] = was_in
        waited = np.where(wants[:, hour] & ~was_in, waited + 1, 0)
    return inside


def _fitting(order: Ints, takes: Bools, room: Floats) -> Ints:
    """Return those who can be let in, in their order, so that no set of couriers has more drivers than places."""
    if (takes[order].sum(axis=0) <= room).all():
        return order
    left, fits = room.copy(), []
    for row in order.tolist():
        if (left[takes[row]] >= 1).all():
            left[takes[row]] -= 1
            fits.append(row)
    return np.array(fits, np.int64)
