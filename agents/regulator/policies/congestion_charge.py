"""Congestion charges: a price on entering zones, or on each kilometre in them (New York 2025, London, Singapore).

A way is known by its ends. It enters where it starts outside and ends inside; a way with one end inside counts half of
its kilometres, one with both all.
"""

from typing import Self

import numpy as np
from pydantic import model_validator

from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.agents.kernel.parameters import HourOfDay, NonNegative
from galleria.agents.regulator.policy import PlacedSettings, Policy, Ride, policy


class CongestionChargeSettings(PlacedSettings):
    """Charge per entry and per km, the hours of day at which trips that begin are charged."""

    usd_per_entry: NonNegative
    usd_per_km: NonNegative
    begins_h: HourOfDay
    ends_h: HourOfDay

    @model_validator(mode="after")
    def _can_be_charged(self) -> Self:
        if self.begins_h >= self.ends_h:
            raise ValueError(f"begins_h ({self.begins_h:g}) must be earlier than ends_h ({self.ends_h:g})")
        if self.usd_per_entry > 0 and self.zones is None:
            raise ValueError(
                f"usd_per_entry = {self.usd_per_entry:g} needs zones: nobody enters a zone that is the whole city"
            )
        return self


@policy("congestion_charge")
class CongestionCharge(Policy[CongestionChargeSettings]):
    """Charges gig drivers, customers on trips of their own, and vans."""

    Settings = CongestionChargeSettings

    def charge(self, ride: Ride) -> Floats:
        """Charge the way to the store and the way to the last door, by the hour of acceptance."""
        to_store = self._way(ride.start, ride.store, ride.pickup_km)
        return np.where(self._is_on(ride.accepted_s), to_store + self._way(ride.store, ride.door, ride.loaded_km), 0.0)

    def toll(self, home: Ints, store: Ints, km: Floats, depart_s: Floats) -> Floats:
        """Charge the way out and the way back."""
        there_and_back = self._way(home, store, km) + self._way(store, home, km)
        return np.where(self._is_on(depart_s), there_and_back, 0.0)

    def tour_charge(self, depot: int, km: float, routes: float, doors: Ints) -> float:
        """Charge tours by the share of their doors inside; a route has its doors close together and enters once."""
        share = 1.0 if self.inside is None else float(self.inside[doors].mean())
        outside = self.inside is not None and not self.inside[depot]
        entries = max(1.0, routes * share) if outside and share > 0 else 0.0
        return self.settings.usd_per_entry * entries + self.settings.usd_per_km * share * km

    def _way(self, start: Ints, end: Ints, km: Floats) -> Floats:
        if self.inside is None:
            return self.settings.usd_per_km * km
        here, there = self.inside[start], self.inside[end]
        share = (here.astype(np.float64) + there) / 2
        return self.settings.usd_per_entry * (there & ~here) + self.settings.usd_per_km * share * km

    def _is_on(self, time_s: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        hour = time_s % DAY_S / HOUR_S
        return np.asarray((hour >= self.settings.begins_h) & (hour < self.settings.ends_h))
