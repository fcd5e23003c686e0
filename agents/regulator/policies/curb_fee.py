"""Kerb fees: what gig drivers pay for stopping at a mall, by the stop or by the minute."""

import numpy as np

from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.parameters import NonNegative
from galleria.agents.regulator.policy import PlacedSettings, Policy, Ride, policy


class CurbFeeSettings(PlacedSettings):
    """Fee per stop and per minute from arrival to departure."""

    usd_per_stop: NonNegative
    usd_per_min: NonNegative


@policy("curb_fee")
class CurbFee(Policy[CurbFeeSettings]):
    """Charges stops at malls; a trip stops once, however many parcels it collects."""

    Settings = CurbFeeSettings

    def charge(self, ride: Ride) -> Floats:
        """Charge the stop at a mall inside the zones."""
        due = self.mall if self.inside is None else self.mall & self.inside
        fee = self.settings.usd_per_stop + self.settings.usd_per_min * ride.store_min
        return np.where(due[ride.store], fee, 0.0)
