"""Availability: who can be sent for an order now or soon (model 7.4, 7.5)."""

import numpy as np
from numba import njit

from galleria.agents.kernel.arrays import Bools, Floats, Ints


@njit(cache=True)
def free_soon(
    idle: Bools, busy: Bools, leaving: Bools, free_s: Floats, apps: Ints, courier: int, now_s: float, soon_s: float
) -> tuple[Ints, Floats]:
    """List who works for a courier and is idle, or free by `soon_s` to go on: rows in order, and when each is free."""
    rows, free = np.empty(len(idle), np.int64), np.empty(len(idle))
    count = 0
    for row in range(len(idle)):
        if not apps[row] >> courier & 1:
            continue
        if idle[row] or (busy[row] and not leaving[row] and free_s[row] <= soon_s):
            rows[count], free[count] = row, now_s if idle[row] else free_s[row]
            count += 1
    return rows[:count], free[:count]
