"""Traffic: how the hour of the day stretches driving times (model 7.8)."""

from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from agents.arrays import Floats, Ints
from agents.parameters import EVERY_HOUR, NonNegative, Parameters, Share
from models.city import City

HOUR_S, DAY_S = 3600.0, 86_400.0


class TrafficSettings(Parameters):
    """Speeds by hour and what driving costs others; units and sources stand in conf/traffic."""

    profile: Literal["free_flow", "hourly"]
    speed_factor: Annotated[tuple[Annotated[float, Field(gt=0, le=2)], ...], EVERY_HOUR]
    congestion_usd_per_km: Annotated[tuple[NonNegative, ...], EVERY_HOUR]
    car_co2_kg_per_km: NonNegative
    van_co2_kg_per_km: NonNegative
    carbon_usd_per_t: NonNegative
    chained_trip_factor: Share

    @model_validator(mode="after")
    def _free_flow_is_free(self) -> Self:
        if self.profile == "free_flow" and set(self.speed_factor) != {1.0}:
            raise ValueError("speed_factor must be 1 at every hour when the profile is free_flow")
        return self


class Travel:
    """Driving times by hour between the places of a city.

    All roads slow down by the same factor, so fastest paths stay the same and a trip that crosses an hour's border
    drives the rest at the new speed: who leaves later never arrives earlier.

    Parameters
    ----------
    city
        Free-flow times and distances.
    settings
        Speed factors by hour of day.
    days
        Days that will be looked at, with room for trips that end after the last.
    """

    def __init__(self, city: City, settings: TrafficSettings, days: int) -> None:
        self._free = np.asarray(city.time.values)
        self._time_step_s = city.time.resolution
        self._distance = np.asarray(city.distance.values)
        self._distance_step_km = city.distance.resolution
        self._border_s = np.arange(24 * days + 1) * HOUR_S
        self._progress_s = np.concatenate([[0.0], np.cumsum(np.tile(settings.speed_factor, days)) * HOUR_S])

    def arrival_s(self, origin: Ints, destination: Ints, depart_s: Floats | float) -> Floats:
        """Give the times of arrival, s, when leaving at `depart_s`; arguments broadcast.

        Progress is counted in seconds of free-flow driving: its integral over time is piecewise linear, and the
        arrival is where it has grown by the trip's free-flow time.
        """
        start = np.interp(depart_s, self._border_s, self._progress_s)
        free_s = self._free[origin, destination] * self._time_step_s
        return np.asarray(np.interp(start + free_s, self._progress_s, self._border_s))

    def drive_s(self, origin: Ints, destination: Ints, depart_s: Floats | float) -> Floats:
        """Give driving times, s, when leaving at `depart_s`."""
        return self.arrival_s(origin, destination, depart_s) - depart_s

    def km(self, origin: Ints, destination: Ints) -> Floats:
        """Give distances, km."""
        return np.asarray(self._distance[origin, destination] * self._distance_step_km)
