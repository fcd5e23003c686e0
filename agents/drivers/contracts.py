"""Contracts: drivers who are paid for a block of hours or by the hour instead of by the offer (model 7.4).

A courier with such a contract plans how many drivers it needs in each hour and hires, for each block, those who ask
the least. A hired driver is captive: works for this courier alone, takes every offer, and carries no idle risk.
"""

from math import ceil
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.kernel.parameters import NonNegative, Parameters, Positive

NOBODY = -1


class ContractSettings(Parameters):
    """How a gig courier engages drivers; units and sources stand in conf/courier."""

    kind: Literal["per_offer", "block", "hourly"]
    block_h: Annotated[int, Field(ge=1, le=12)]
    usd_per_h: NonNegative
    orders_per_driver_h: Positive
    log_in_cap: Annotated[int, Field(ge=0)] | None


def drivers_needed(expected_orders: Floats, settings: ContractSettings) -> Ints:
    """Plan the number of drivers in each block of the day.

    Parameters
    ----------
    expected_orders
        float64 [24], by hour of day.
    settings
        Length of a block, orders a driver delivers in an hour, and the most drivers at once.

    Returns
    -------
    int64 [24], drivers to hire in the block that starts in the hour, 0 where none starts.
    """
    hours = 1 if settings.kind == "hourly" else settings.block_h
    needed = np.zeros(24, np.int64)
    for start in range(0, 24, hours):
        orders = float(expected_orders[start : start + hours].max())
        needed[start] = ceil(orders / settings.orders_per_driver_h) if orders > 0 else 0
    return needed if settings.log_in_cap is None else np.minimum(needed, settings.log_in_cap)


def hire(needed: Ints, asks_usd_per_h: Floats, free: Bools, usd_per_h: float, block_h: int) -> Bools:
    """Fill the blocks of a day with the drivers who ask the least, none above what is paid.

    Parameters
    ----------
    needed
        int [24], from `drivers_needed`.
    asks_usd_per_h
        float64 [N, 24], net pay below which a driver does not work in the hour, with the expected cost of driving.
    free
        bool [N, 24], who may be hired in the hour.
    usd_per_h, block_h
        Pay and length of a block.

    Returns
    -------
    bool [N, 24], the hours each driver is hired for.
    """
    hired = np.zeros_like(free)
    for start in np.flatnonzero(needed).tolist():
        hours = slice(start, min(start + block_h, 24))
        ask = asks_usd_per_h[:, hours].max(axis=1)
        ask = np.where(free[:, hours].all(axis=1), ask, np.inf)
        cheapest = np.argsort(ask, kind="stable")[: needed[start]]
        hired[cheapest[ask[cheapest] <= usd_per_h], hours] = True
    return hired
