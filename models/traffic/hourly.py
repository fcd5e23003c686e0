"""Traffic: how the hour of the day stretches driving times (model 7.8)."""

from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from galleria.agents.kernel.clock import HOUR_S
from galleria.agents.kernel.parameters import EVERY_HOUR, NonNegative, Parameters, Share
from galleria.agents.kernel.roads import Roads
from galleria.models.city import City
from galleria.models.traffic.congestion import CongestionSettings
from galleria.models.traffic.emissions import EmissionSettings


class TrafficSettings(Parameters):
    """Speeds by hour and what driving costs others; units and sources stand in conf/traffic."""

    profile: Literal["free_flow", "hourly", "congested"]
    speed_factor: Annotated[tuple[Annotated[float, Field(gt=0, le=2)], ...], EVERY_HOUR]
    congestion_usd_per_km: Annotated[tuple[NonNegative, ...], EVERY_HOUR]
    car_co2_kg_per_km: NonNegative
    van_co2_kg_per_km: NonNegative
    carbon_usd_per_t: NonNegative
    chained_trip_factor: Share
    congestion: CongestionSettings | None
    emissions: EmissionSettings | None

    @model_validator(mode="after")
    def _free_flow_is_free(self) -> Self:
        if self.profile != "hourly" and set(self.speed_factor) != {1.0}:
            raise ValueError(f"speed_factor must be 1 at every hour when the profile is {self.profile}")
        if (self.profile == "congested") != (self.congestion is not None):
            raise ValueError("congestion must be given when the profile is congested, and only then")
        return self


def roads_of(city: City, settings: TrafficSettings, days: int) -> Roads:
    """Put a city's travel tables and the profile of the day together.

    Parameters
    ----------
    city
        Free-flow times and distances.
    settings
        Speed factors by hour of day.
    days
        Days that will be looked at, with room for trips that end after the last.
    """
    progress_s = np.concatenate([[0.0], np.cumsum(np.tile(settings.speed_factor, days)) * HOUR_S])
    return Roads(
        np.asarray(city.time.values),
        city.time.resolution,
        np.asarray(city.distance.values),
        city.distance.resolution,
        progress_s,
    )
