"""Log-in caps: who may be on line for which courier in which hour, when couriers limit the number (model 7.4, 8)."""

import numpy as np
from numpy.typing import NDArray

from agents.kernel.arrays import Bools, Floats, Ints


def places_on_line(engaged_h: Floats, utilisation: float) -> Ints:
    """Return the drivers a courier lets in, the fewest who would be engaged at most the share u*, int64.

    Parameters
    ----------
    engaged_h
        float64, expected hours on trips within an hour.
    utilisation
        u*, above 0.
    """
    return np.ceil(engaged_h / utilisation).astype(np.int64)


def lock_out(wants: Bools, apps: NDArray[np.int64], numbers: Ints, places: Ints, turn: Floats) -> NDArray[np.int64]:
    """Decide who is kept out: who was in the hour before stays, then first come, first served.

    Parameters
    ----------
    wants
        bool [N, 24], who wants to work in each hour.
    apps
        int64 [N], bit masks of the couriers drivers work for.
    numbers, places
        int [k] and int [k, 24], couriers that keep drivers out, and how many each lets in.
    turn
        float64 [N], time within the hour at which each driver asks.

    Returns
    -------
    int64 [N, 24], bit masks of the couriers that keep the driver out.
    """
    out = np.zeros(wants.shape, np.int64)
    for courier, most in zip(numbers.tolist(), places, strict=True):
        works_here = (apps >> courier & 1).astype(np.bool_)
        was_in = np.zeros(len(apps), np.bool_)
        for hour, room in enumerate(most.tolist()):
            asking = np.flatnonzero(works_here & wants[:, hour])
            order = asking[np.lexsort((turn[asking], ~was_in[asking]))]
            out[works_here, hour] |= 1 << courier
            out[order[:room], hour] &= ~(1 << courier)
            was_in[:] = False
            was_in[order[:room]] = True
    return out
