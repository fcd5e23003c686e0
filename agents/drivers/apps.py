"""How drivers' apps change when a courier enters or leaves the market (model 7.4, 7.6)."""

import numpy as np
from numpy.typing import NDArray

from galleria.agents.kernel.arrays import Floats, Ints


def take_up(apps: NDArray[np.int64], entrant: int, incumbents: Ints, uniform: Floats) -> NDArray[np.int64]:
    """Let drivers take up an entrant's app.

    Who works for all incumbents works for the entrant too; of the others as many move to it as make all couriers
    equal, one in n with n - 1 incumbents.

    Parameters
    ----------
    apps
        int64 [d], bit masks of couriers.
    entrant, incumbents
        Numbers of the couriers.
    uniform
        float64 [d], in (0, 1).

    Returns
    -------
    int64 [d].
    """
    everyone = np.left_shift(1, incumbents).sum()
    works_for_all = (apps & everyone) == everyone if len(incumbents) > 1 else np.zeros(len(apps), np.bool_)
    moves = ~works_for_all & (uniform < 1 / (len(incumbents) + 1))
    bit = 1 << entrant
    return np.where(works_for_all, apps | bit, np.where(moves, bit, apps))


def give_up(apps: NDArray[np.int64], leaver: int, others: Ints, uniform: Floats) -> NDArray[np.int64]:
    """Let drivers drop the app of a courier that leaves; who has no other takes one of the others at random.

    Parameters
    ----------
    apps
        int64 [d], bit masks of couriers.
    leaver, others
        Numbers of the couriers that leaves and of those that stay.
    uniform
        float64 [d], in (0, 1).

    Returns
    -------
    int64 [d], 0 if nobody stays.
    """
    left = apps & ~np.int64(1 << leaver)
    if not len(others):
        return left
    choice = np.left_shift(1, others[(uniform * len(others)).astype(np.int64)])
    return np.where(left == 0, choice, left)
