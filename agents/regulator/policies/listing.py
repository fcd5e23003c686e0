"""Listing: whether mall stores may, or must be free to, sell through several couriers."""

from typing import Literal

import numpy as np

from galleria.agents.kernel.arrays import Bools
from galleria.agents.regulator.policy import PhasedSettings, Policy, policy


class ListingSettings(PhasedSettings):
    """`exclusive`: each mall store is on one courier's app; `open`: contracts that forbid a second are void."""

    retailers: Literal["exclusive", "open"]


@policy("listing")
class Listing(Policy[ListingSettings]):
    """Changes on which apps the mall stores are; what is void, and its price, see `models/supply/membership`."""

    Settings = ListingSettings

    def listing(self, listed: Bools, mall_direct: int | None) -> Bools:
        """Keep one app a store: mall-direct's where it is on it, else one of its apps in turn."""
        if self.settings.retailers == "open":
            return listed
        kept = np.zeros_like(listed)
        for row, apps in enumerate(listed):
            on = np.flatnonzero(apps)
            if len(on):
                kept[row, mall_direct if mall_direct in on else on[row % len(on)]] = True
        return kept

    def allows_exclusivity(self) -> bool:
        """Void contracts that forbid a second courier."""
        return self.settings.retailers != "open"
