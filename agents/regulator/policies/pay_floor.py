"""Pay floors: a least pay of each offer by its minutes and miles (Seattle 2024, New York's trip-minute rule)."""

import numpy as np

from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.parameters import NonNegative
from galleria.agents.regulator.fee_answer import AnsweredByFee, FeeAnswerSettings
from galleria.agents.regulator.policy import PlacedSettings, Policy, Ride, policy

KM_PER_MILE = 1.609344


class PayFloorSettings(FeeAnswerSettings, PlacedSettings):
    """Least pay max(per minute + per mile, per offer); the fee with which couriers answer."""

    usd_per_min: NonNegative
    usd_per_mile: NonNegative
    usd_per_offer: NonNegative


@policy("pay_floor")
class PayFloor(AnsweredByFee[PayFloorSettings], Policy[PayFloorSettings]):
    """Raises pay to the floor; minutes and miles count from acceptance to the door."""

    Settings = PayFloorSettings

    def offer(self, pay_usd: Floats, ride: Ride) -> Floats:
        """Pay at least the floor."""
        miles = (ride.pickup_km + ride.loaded_km) / KM_PER_MILE
        floor = self.settings.usd_per_min * ride.minutes + self.settings.usd_per_mile * miles
        return np.maximum(pay_usd, np.maximum(floor, self.settings.usd_per_offer))
