"""The transport problem between many things and few places: the Kantorovich distance of two distributions, exactly."""

import numpy as np
from numba import njit

from galleria.agents.kernel.arrays import Bools, Floats, Ints


@njit(cache=True)
def transport_cost(cost: Floats, quota: Ints) -> float:
    """Compute the least cost of sending n things to h places, so many to each.

    Everything goes where it is cheapest; then, while a place has too many, one thing is sent on along the cheapest
    chain of places to one that has too few (successive shortest paths).

    Parameters
    ----------
    cost
        float64 [n, h].
    quota
        int64 [h], sums to n.
    """
    n, h = cost.shape
    at, surplus = np.empty(n, np.int64), -quota
    for j in range(n):
        at[j] = cost[j].argmin()
        surplus[at[j]] += 1
    step, thing = np.full((h, h), np.inf), np.zeros((h, h), np.int64)
    stale = np.ones(h, np.bool_)
    while True:
        _find_steps(cost, at, stale, step, thing)
        place, before = _cheapest_chain(step, surplus)
        if place < 0:
            break
        stale[:] = False
        surplus[place] += 1
        while before[place] >= 0:
            at[thing[before[place], place]] = place
            stale[place] = True
            place = before[place]
        stale[place] = True
        surplus[place] -= 1
    total = 0.0
    for j in range(n):
        total += cost[j, at[j]]
    return total


@njit(cache=True)
def _find_steps(cost: Floats, at: Ints, stale: Bools, step: Floats, thing: Ints) -> None:
    """Find, in place, what it costs at least to send one thing from a stale place to each other, and which thing."""
    for g in np.flatnonzero(stale):
        step[g] = np.inf
    for j in range(len(at)):
        g = at[j]
        if stale[g]:
            for k in range(cost.shape[1]):
                if cost[j, k] - cost[j, g] < step[g, k]:
                    step[g, k], thing[g, k] = cost[j, k] - cost[j, g], j


@njit(cache=True)
def _cheapest_chain(step: Floats, surplus: Ints) -> tuple[int, Ints]:
    """Find the cheapest chain from a place with too many to one with too few: its end, -1 for none, and who is before.

    Sums are compared with a tolerance, lest rounding makes a chain that runs in a circle.
    """
    h = len(surplus)
    reach, before = np.where(surplus > 0, 0.0, np.inf), np.full(h, -1)
    changed = True
    while changed:
        changed = False
        for g in range(h):
            for k in range(h):
                if reach[g] + step[g, k] < reach[k] - 1e-9:
                    reach[k], before[k], changed = reach[g] + step[g, k], g, True
    last = -1
    for k in range(h):
        if surplus[k] < 0 and (last < 0 or reach[k] < reach[last]):
            last = k
    return last, before
