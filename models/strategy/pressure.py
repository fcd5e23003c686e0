"""Upward pricing pressure: what firms would gain by higher fees if they merged, before any of them moves (model 9)."""

import numpy as np
import pandas as pd

from galleria.agents.couriers.courier import Courier
from galleria.agents.kernel.arrays import Floats
from galleria.agents.pricing.concentration import diversion_ratios, upward_pricing_pressure
from galleria.agents.pricing.fees import FeeGame


def pressure_frame(game: FeeGame, price_usd: Floats, fee_usd: Floats, couriers: list[Courier]) -> pd.DataFrame:
    """Write one row a courier that sets its fee and another firm that might buy it.

    Parameters
    ----------
    game
        As firms are owned today.
    price_usd
        float64 [J] or [n, J], what is charged for a delivery.
    fee_usd
        float64 [J], fees in force.
    couriers
        All J.

    Returns
    -------
    Columns courier, other (the firm), diversion (of those a dearer courier loses, the share that goes to the firm's
    couriers), pressure_usd (upward pricing pressure on the courier's fee if the two merged and saved nothing, $), guppi
    (the same as a share of the fee).
    """
    pressure = upward_pricing_pressure(game, price_usd, np.zeros(len(couriers)))
    diversion = diversion_ratios(game.demand, price_usd)
    firm = np.array([courier.settings.firm for courier in couriers])
    rows = []
    for k in np.flatnonzero(game.priced).tolist():
        for other in dict.fromkeys(firm[firm != firm[k]].tolist()):
            sold = (firm == other) & np.array([courier.posted.active for courier in couriers])
            pressure_usd = float(pressure[k, sold].sum())
            share = pressure_usd / float(fee_usd[k]) if fee_usd[k] > 0 else float("nan")
            lost = float(diversion[k, np.flatnonzero(sold)].sum())
            rows.append((couriers[k].name, other, lost, pressure_usd, share))
    return pd.DataFrame(rows, columns=["courier", "other", "diversion", "pressure_usd", "guppi"])
