"""Limits on delivery fees: the most, or the least, a gig courier may charge customers.

Ceilings are asked for when couriers pass the cost of other rules on; France sets a least fee for the delivery of books.
"""

from typing import Self

import numpy as np
from pydantic import model_validator

from galleria.agents.couriers.kinds.base import Fulfilment
from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.parameters import NonNegative
from galleria.agents.regulator.policy import PlacedSettings, Policy, policy


class FeeLimitsSettings(PlacedSettings):
    """Lowest and highest delivery fee; null for no ceiling."""

    lowest_usd: NonNegative
    highest_usd: NonNegative | None

    @model_validator(mode="after")
    def _floor_below_ceiling(self) -> Self:
        if self.highest_usd is not None and self.lowest_usd > self.highest_usd:
            raise ValueError(f"lowest_usd ({self.lowest_usd:g}) must not be above highest_usd ({self.highest_usd:g})")
        return self


@policy("fee_limits")
class FeeLimits(Policy[FeeLimitsSettings]):
    """Keeps fees between limits, with what couriers add to them by policies named before; a surge comes on top."""

    Settings = FeeLimitsSettings

    def fee(self, fee_usd: Floats, fulfilment: Fulfilment) -> Floats:
        """Move the fee to the nearest that is allowed."""
        return np.clip(fee_usd, self.settings.lowest_usd, self.settings.highest_usd) if fulfilment == "gig" else fee_usd
