"""Pay: what a courier offers drivers for a trip (model 7.5)."""

import numpy as np

from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.parameters import NonNegative, Parameters


class PaySettings(Parameters):
    """Pay of a trip: max(base + per km + per minute from the store on + per parcel after the first, floor)."""

    base_usd: NonNegative
    per_km_usd: NonNegative
    per_min_usd: NonNegative
    per_drop_usd: NonNegative
    floor_usd: NonNegative


def pay(settings: PaySettings, km: Floats, minutes: Floats, parcels: Floats | Ints | float = 1.0) -> Floats:
    """Compute the pay offered for trips, max(base + p_km km + p_min minutes + p_drop (parcels - 1), floor), $.

    Km and minutes are those with parcels.
    """
    offered = settings.base_usd + settings.per_km_usd * km + settings.per_min_usd * minutes
    return np.maximum(offered + settings.per_drop_usd * (parcels - 1), settings.floor_usd)
