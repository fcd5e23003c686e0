"""Homing: whether drivers may, or must be free to, work for several couriers."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from galleria.agents.regulator.policy import PhasedSettings, Policy, policy


class HomingSettings(PhasedSettings):
    """`exclusive`: each driver works for one courier; `open`: exclusivity is banned and each works for all."""

    drivers: Literal["exclusive", "open"]


@policy("homing")
class Homing(Policy[HomingSettings]):
    """Changes the sets of apps."""

    Settings = HomingSettings

    def homing(self, apps: NDArray[np.int64]) -> NDArray[np.int64]:
        """Keep one app a driver, in turn among those the driver would work for, or give everyone all."""
        everything = np.bitwise_or.reduce(apps, initial=0)
        if self.settings.drivers == "open":
            return np.full_like(apps, everything)
        kept = apps.copy()
        for row, mask in enumerate(apps.tolist()):
            bits = [bit for bit in range(63) if mask >> bit & 1]
            kept[row] = 1 << bits[row % len(bits)] if bits else 0
        return kept
