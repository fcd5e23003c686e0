"""Upward pricing pressure: what firms would gain by higher fees if they merged, before any of them moves (model 9)."""

import numpy as np
import pandas as pd

from agents.arrays import Floats
from agents.concentration import diversion_ratios, upward_pricing_pressure
from agents.courier import Courier
from agents.pricing import FeeGame


def pressure_frame(game: FeeGame, fee_usd: Floats, couriers: list[Courier]) -> pd.DataFrame:
    """Write one row an ordered pair of couriers of different firms that set their fees.

    Parameters
    ----------
    game
        As firms are owned today.
    fee_usd
        float64 [J], fees in force.
    couriers
        All J.

    Returns
    -------
    Columns courier, other, diversion (of those a dearer courier loses, the share that goes to the other), pressure_usd
    (upward pricing pressure on the courier's fee if its firm bought the other and saved nothing, $), guppi (the same as
    a share of the fee).
    """
    pressure = upward_pricing_pressure(game, fee_usd, np.zeros(len(couriers)))
    diversion = diversion_ratios(game.demand, fee_usd)
    rows = [
        (
            couriers[k].name,
            couriers[j].name,
            float(diversion[k, j]),
            float(pressure[k, j]),
            float(pressure[k, j] / fee_usd[k]) if fee_usd[k] > 0 else float("nan"),
        )
        for k in np.flatnonzero(game.priced).tolist()
        for j in np.flatnonzero(game.priced & (game.ownership[k] == 0)).tolist()
    ]
    return pd.DataFrame(rows, columns=["courier", "other", "diversion", "pressure_usd", "guppi"])
