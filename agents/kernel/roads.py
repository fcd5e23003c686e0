"""The roads as everybody who decides knows them: fastest paths, and how the hours of the day slow them down.

All roads slow down by the same factor, so fastest paths stay the same, and a trip that crosses an hour's border drives
the rest at the new speed: who leaves later never arrives earlier (model 7.8).
"""

from math import floor
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.clock import HOUR_S


class Roads(NamedTuple):
    """Travel tables between the P places of a city and the profile of the day.

    Attributes
    ----------
    free, free_step_s
        uint16 [P, P], free-flow time of the fastest path in steps of so many seconds.
    length, length_step_km
        uint16 [P, P], length of that path in steps of so many km.
    progress_s
        float64 [H + 1], free-flow seconds that can be driven from the start of day 0 to each full hour.
    pace, least_s_per_km
        Of a vehicle that is no car: its time as a multiple of a car's, and the time a km takes at the speed that it
        cannot exceed, however free the street.
    """

    free: NDArray[np.uint16]
    free_step_s: float
    length: NDArray[np.uint16]
    length_step_km: float
    progress_s: Floats
    pace: float = 1.0
    least_s_per_km: float = 0.0

    def km(self, origin: Ints, destination: Ints) -> Floats:
        """Return distances along the fastest paths, km; arguments broadcast."""
        return np.asarray(self.length[origin, destination] * self.length_step_km)

    def drive_s(self, origin: Ints, destination: Ints, depart_s: Floats) -> Floats:
        """Return driving times, s, of trips that leave at `depart_s`; arguments broadcast."""
        free_s = self.free[origin, destination] * self.free_step_s * self.pace
        hours = np.arange(len(self.progress_s)) * HOUR_S
        start = np.interp(depart_s, hours, self.progress_s)
        took_s = np.asarray(np.interp(start + free_s, self.progress_s, hours) - depart_s)
        return np.maximum(took_s, self.km(origin, destination) * self.least_s_per_km) if self.least_s_per_km else took_s


class MixedRoads(NamedTuple):
    """Roads as those know them who do not know which vehicle comes: times are means over the fleet."""

    roads: tuple[Roads, ...]
    share: tuple[float, ...]

    def drive_s(self, origin: Ints, destination: Ints, depart_s: Floats) -> Floats:
        """Return mean driving times, s, of trips that leave at `depart_s`; arguments broadcast."""
        if len(self.roads) == 1:
            return self.roads[0].drive_s(origin, destination, depart_s)
        each = [roads.drive_s(origin, destination, depart_s) for roads in self.roads]
        return np.asarray(np.average(each, axis=0, weights=self.share))


@njit(cache=True, inline="always")
def progress_at_s(roads: Roads, time_s: float) -> float:
    """Return how far one could have driven by a time since the start of day 0, in seconds of free-flow driving."""
    hour = floor(time_s / HOUR_S)
    speed = (roads.progress_s[hour + 1] - roads.progress_s[hour]) / HOUR_S
    return float(roads.progress_s[hour] + speed * (time_s - hour * HOUR_S))


@njit(cache=True, inline="always")
def arrival_s(roads: Roads, origin: int, destination: int, depart_s: float) -> float:
    """Return the time of arrival of one trip, s.

    Progress is counted in seconds of free-flow driving: its integral over time is piecewise linear, and the arrival is
    where it has grown by the trip's free-flow time. A vehicle is never there sooner than at its highest speed.
    """
    progress_s, hour = roads.progress_s, floor(depart_s / HOUR_S)
    goal = progress_at_s(roads, depart_s) + roads.free[origin, destination] * roads.free_step_s * roads.pace
    while progress_s[hour + 1] < goal:
        hour += 1
    speed = (progress_s[hour + 1] - progress_s[hour]) / HOUR_S
    there_s = float(hour * HOUR_S + (goal - progress_s[hour]) / speed)
    if roads.least_s_per_km > 0:
        way_km = roads.length[origin, destination] * roads.length_step_km
        there_s = max(there_s, depart_s + way_km * roads.least_s_per_km)
    return there_s
