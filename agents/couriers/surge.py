"""Surges: factors on pay and fees where many orders wait for few drivers (model 7.5)."""

from typing import Annotated

import numpy as np
from pydantic import Field

from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.parameters import NonNegative, Parameters, Share


class SurgeSettings(Parameters):
    """How strongly a courier surges, up to what, and who pays and gets it; no surge without gain."""

    gain: NonNegative
    target: NonNegative
    most: Annotated[float, Field(ge=1, le=10)]
    driver_share: Share
    customer_share: Share


def surge_factors(settings: SurgeSettings, waiting: Ints, idle: Ints) -> Floats:
    """Return m_z = clip(1 + gain (waiting_z / max(1, idle_z) - target), 1, most), float64 [Z].

    Parameters
    ----------
    settings
        Gain, target and most.
    waiting, idle
        int [Z], orders that wait in stores of each zone, and drivers idle there.
    """
    load = waiting / np.maximum(1, idle)
    return np.asarray(np.clip(1 + settings.gain * (load - settings.target), 1.0, settings.most))
