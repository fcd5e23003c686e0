"""How fast cars and vans drive, and what that does to CO2 a kilometre."""

import numpy as np

from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.models.measures.evidence import Evidence
from galleria.models.traffic.emissions import co2_factor


def km_per_h_by_hour(evidence: Evidence) -> Floats:
    """Measure the speed of the ways from store to door on which gig drivers left in each hour, float64 [24].

    Hours in which nobody left have the mean speed; without any trip all are nan.
    """
    orders, rows = evidence.orders, evidence.gig
    ways = (orders.origin[rows], orders.destination[rows])
    hour = (orders.picked_s[rows] % DAY_S // HOUR_S).astype(np.int64)
    km = np.bincount(hour, evidence.roads.km(*ways), 24)
    drive_h = np.bincount(hour, evidence.roads.drive_s(*ways, orders.picked_s[rows]), 24) / HOUR_S
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(drive_h > 0, km / drive_h, km.sum() / drive_h.sum())


def mean_car_factor(evidence: Evidence) -> float:
    """Return CO2 of all km of cars by CO2 of as many km at the average speed; 1 if speed does not count."""
    emissions, km = evidence.settings.traffic.emissions, evidence.car_km_by_hour
    if emissions is None or not km.sum() or not len(evidence.gig):
        return 1.0
    return float(co2_factor(emissions, km_per_h_by_hour(evidence)) @ km / km.sum())


def mean_van_factor(evidence: Evidence) -> float:
    """Return the same for vans, each at the speed of its courier's tours."""
    emissions = evidence.settings.traffic.emissions
    if emissions is None or not evidence.van_km:
        return 1.0
    km = np.array([plan.km for plan, _ in evidence.tours]).reshape(-1, evidence.days).sum(axis=1)
    couriers = evidence.settings.couriers.values()
    km_per_h = np.array([each.tours.speed_km_per_h for each in couriers if each.fulfilment == "van"])
    return float(co2_factor(emissions, km_per_h) @ km / km.sum())
