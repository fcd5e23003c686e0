"""A broker of deliveries: asks all its couriers for each order and hands it to the best (model 8, markets)."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.parameters import Parameters


class BrokerSettings(Parameters):
    """Couriers that the broker asks, and for whom it chooses."""

    couriers: Annotated[tuple[str, ...], Field(min_length=2)]
    chooses_for: Literal["customer", "planner"]


def social_cost(
    pickup_km: Floats, loaded_km: Floats, usd_per_km: Floats, wait_h: Floats, delay_usd_per_h: Floats
) -> Floats:
    """Return what each courier costs society: driving and the customer's wait, float64 [m, k], $.

    Parameters
    ----------
    pickup_km, loaded_km
        float64 [m, k], way of the courier's nearest idle driver to the store, inf for nobody, and on to the door.
    usd_per_km
        float64 [m], what a kilometre costs drivers and others.
    wait_h, delay_usd_per_h
        float64 [m, k] and float64 [m], quoted time and what an hour of it costs the customer.
    """
    return np.asarray(usd_per_km[:, None] * (pickup_km + loaded_km) + delay_usd_per_h[:, None] * wait_h)


def pick(cost_usd: Floats, own: Ints) -> Ints:
    """Pick the cheapest column for each row, the customer's own where none is cheaper or none can serve; int64 [m]."""
    rows = np.arange(len(own))
    best = cost_usd.argmin(axis=1)
    return np.where(cost_usd[rows, best] < cost_usd[rows, own], best, own)
