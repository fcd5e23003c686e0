"""Vehicles: what drivers go by, and what that makes of ways, loads, ranges and costs (model 7.4).

All go along the same paths. A vehicle takes a multiple of a car's time at that hour, and never less than its highest
speed asks; it carries so many parcels, goes so far in a day, and costs so much a kilometre. Vehicle 0 is the usual car.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from galleria.agents.dispatch.itinerary import Courses, approaches, courses
from galleria.agents.dispatch.trips import Jobs, Stops, by_vehicle
from galleria.agents.drivers.settings import CAR, SLACK, DriverSettings
from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.kernel.clock import HOUR_S
from galleria.agents.kernel.roads import MixedRoads, Roads

ANY_NUMBER = 2**31 - 1
"""In the place of a limit of parcels: none."""


@dataclass(frozen=True)
class Vehicles:
    """The K vehicles of a market's drivers, the usual car first.

    Attributes
    ----------
    names, roads
        Of each, and the roads as it drives on them.
    share, cost_usd_per_km, range_km
        float64 [K], of the drivers; of driving; of a day, inf without end.
    parcels
        int64 [K], that it carries at most.
    """

    names: tuple[str, ...]
    roads: tuple[Roads, ...]
    share: Floats
    cost_usd_per_km: Floats
    range_km: Floats
    parcels: Ints

    @classmethod
    def of(cls, settings: DriverSettings, roads: Roads) -> Self:
        """Return the vehicles of a market, whose cars drive on `roads`."""
        others = settings.vehicles.values()
        return cls(
            (CAR, *settings.vehicles),
            (
                roads,
                *(
                    roads._replace(
                        pace=each.time_factor,
                        least_s_per_km=HOUR_S / each.fastest_km_per_h if each.fastest_km_per_h else 0.0,
                    )
                    for each in others
                ),
            ),
            np.array([settings.cars, *(each.share for each in others)]),
            np.array(settings.costs_usd_per_km),
            np.array([np.inf, *(each.range_km or np.inf for each in others)]),
            np.array([ANY_NUMBER, *(each.parcels or ANY_NUMBER for each in others)]),
        )

    @cached_property
    def commonest(self) -> int:
        """The vehicle that most drivers have, for which trips are planned whose driver is not known yet."""
        return int(self.share.argmax())

    @cached_property
    def mixed(self) -> MixedRoads:
        """The roads as customers know them."""
        used = np.flatnonzero(self.share > 0).tolist()
        return MixedRoads(tuple(self.roads[k] for k in used), tuple(self.share[used].tolist()))

    @property
    def alike(self) -> bool:
        """Whether all drivers have the same vehicle."""
        return len(self.mixed.roads) == 1

    @cached_property
    def limited(self) -> bool:
        """Whether any vehicle has a limit of parcels or of range."""
        return bool(np.isfinite(self.range_km).any() or (self.parcels < ANY_NUMBER).any())

    def approaches(self, vehicle: Ints, place: Ints, origin: Ints, now_s: float) -> tuple[Floats, Floats]:
        """Compute when drivers with vehicles, int [m], who leave now are at their stores, s, and how far it is, km."""
        if len(self.names) == 1:
            return approaches(self.roads[0], place, origin, now_s)
        arrived_s, km = np.empty(len(place)), np.empty(len(place))
        for kind, which in by_vehicle(vehicle):
            arrived_s[which], km[which] = approaches(self.roads[kind], place[which], origin[which], now_s)
        return arrived_s, km

    def courses(self, vehicle: Ints, stops: Stops, jobs: Jobs, first: Ints, member: Ints, arrived_s: Floats) -> Courses:
        """Follow trips by vehicles, int [m], from the arrival at the store, see `agents/dispatch/itinerary`."""
        if len(self.names) == 1:
            return courses(self.roads[0], stops, jobs, first, member, arrived_s)
        trips, doors = len(arrived_s), len(member)
        whole = Courses(*(np.empty(trips) for _ in range(5)), *(np.empty(doors) for _ in range(2)))
        of_trip = np.repeat(np.arange(trips), np.diff(first))
        for kind, which in by_vehicle(vehicle):
            mine = np.isin(of_trip, which)
            edges = np.concatenate([[0], np.cumsum(np.diff(first)[which])])
            part = courses(self.roads[kind], stops, jobs, edges, member[mine], arrived_s[which])
            for name in Courses._fields:
                getattr(whole, name)[mine if name in ("delivered_s", "leg_km") else which] = getattr(part, name)
        return whole

    def drive_s(self, vehicle: Ints, origin: Ints, destination: Ints, depart_s: Floats) -> Floats:
        """Return driving times of m drivers to n places, from `origin` [m] to `destination` [n], float64 [m, n], s."""
        drive_s = np.empty((len(origin), len(destination)))
        for kind, which in by_vehicle(vehicle):
            drive_s[which] = self.roads[kind].drive_s(origin[which][:, None], destination, depart_s)
        return drive_s

    def can(self, vehicle: Ints, driven_km: Floats, km: Floats, parcels: Ints) -> Bools:
        """Return whether vehicles hold so many parcels and go so far after what they have driven today, bool [m]."""
        return np.asarray((parcels <= self.parcels[vehicle]) & (driven_km + km <= self.range_km[vehicle]))


def driving_usd_per_km(settings: DriverSettings, vehicle: Ints) -> Floats:
    """Return what driving costs those who have vehicles, int [m]; float64 [m], $/km."""
    return np.array(settings.costs_usd_per_km)[vehicle]


def draw_vehicles(settings: DriverSettings, uniform: Floats) -> Ints:
    """Give vehicles to drivers by numbers, float64 [N], uniform in (0, 1); a larger share takes from cars alone."""
    upto = np.cumsum([each.share for each in settings.vehicles.values()])
    upto[upto > 1 - SLACK] = 1.0
    drawn = np.searchsorted(upto, uniform, side="right")
    return np.where(drawn < len(upto), drawn + 1, 0)
