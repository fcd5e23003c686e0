"""Acceptance: which offers drivers take (model 7.4)."""

import numpy as np

from galleria.agents.kernel.arrays import Bools, Floats


def accept(
    income_usd: Floats,
    km: Floats,
    hours: Floats,
    reservation_usd_per_h: Floats,
    cost_usd_per_km: Floats | float,
    scale_usd: float,
    noise: Floats,
) -> Bools:
    """Decide on offers by their net gain g = pay + tip - c_km km - r hours, accepted with odds exp(g / s).

    Parameters
    ----------
    income_usd
        float64 [m], pay and expected tip.
    km, hours
        float64 [m], of the whole trip with the empty way to the store.
    reservation_usd_per_h
        float64 [m], of the drivers asked.
    cost_usd_per_km
        Driving cost, float64 [m] or of all.
    scale_usd
        Scale s of the logistic noise, 0 for a sharp threshold.
    noise
        float64 [m], uniform in (0, 1).
    """
    gain = income_usd - cost_usd_per_km * km - reservation_usd_per_h * hours
    return np.asarray(gain + scale_usd * (np.log(noise) - np.log1p(-noise)) >= 0)
