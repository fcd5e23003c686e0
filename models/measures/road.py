"""Measures of what deliveries and shopping trips do to the streets."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from agents.order import Status
from models.measures.evidence import Evidence
from models.measures.registry import measure, measures
from models.measures.statistics import mean, ratio

LARGEST_MATCHING = 300
"""Trips that are matched at once; the cost grows with the cube."""


def _gig_km(evidence: Evidence) -> float:
    return float(evidence.drivers.pickup_km.sum() + evidence.drivers.loaded_km.sum())


@measure("deadhead_share", "-")
def deadhead_share(evidence: Evidence) -> float:
    """Share of gig drivers' km that is driven without a parcel."""
    return ratio(float(evidence.drivers.pickup_km.sum()), _gig_km(evidence))


@measure("vkt_km", "km/day")
def vkt_km(evidence: Evidence) -> float:
    """Vehicle km of gig drivers, vans and customers' own trips, these as far as they are not chained to others."""
    return (float(evidence.car_km_by_hour.sum()) + evidence.van_km) / evidence.days


@measure("vkt_km_per_order", "km")
def vkt_km_per_order(evidence: Evidence) -> float:
    """Km of gig drivers and vans per order delivered."""
    return ratio(_gig_km(evidence) + evidence.van_km, int((evidence.status == Status.DELIVERED).sum()))


@measure("gig_km_per_order", "km")
def gig_km_per_order(evidence: Evidence) -> float:
    """Km of gig drivers per order they delivered."""
    return ratio(_gig_km(evidence), len(evidence.gig))


@measure("deadhead_km_per_order", "km")
def deadhead_km_per_order(evidence: Evidence) -> float:
    """Km that gig drivers drive without a parcel per order they delivered."""
    return ratio(float(evidence.drivers.pickup_km.sum()), len(evidence.gig))


@measures("deadhead_km_per_order_<courier>", "km")
def deadhead_km_by_courier(evidence: Evidence) -> dict[str, float]:
    """Km that each gig courier's drivers drive without a parcel per order delivered."""
    orders, rows = evidence.orders, evidence.gig
    return {
        name: mean(orders.pickup_km[rows][orders.courier[rows] == number])
        for number, name in enumerate(evidence.couriers)
        if evidence.is_gig[number]
    }


@measure("loaded_km_per_order", "km")
def loaded_km_per_order(evidence: Evidence) -> float:
    """Km that gig drivers drive with parcels per order they delivered."""
    return ratio(float(evidence.drivers.loaded_km.sum()), len(evidence.gig))


@measure("least_deadhead_km_per_order", "km")
def least_deadhead_km_per_order(evidence: Evidence) -> float:
    """Km from last doors to next stores per order if every driver went where it is shortest for all with the same apps.

    The Kantorovich distance between the ends and the starts of trips: what flow balance leaves, were all trips at hand
    at once and no driver to log on or off (model 10.2 H1). Of large groups, an even sample is taken.
    """
    orders = evidence.orders
    _, first = np.unique(orders.trip[evidence.gig], return_index=True)
    by_trip = evidence.gig[np.lexsort((orders.delivered_s[evidence.gig], orders.trip[evidence.gig]))]
    last = np.append(np.flatnonzero(np.diff(orders.trip[by_trip])), len(by_trip) - 1)
    start, end = orders.origin[evidence.gig[first]], orders.destination[by_trip[last]] if len(by_trip) else first
    apps = evidence.drivers.apps[orders.driver[evidence.gig[first]]]
    total_km = 0.0
    for group in np.unique(apps):
        trips = np.flatnonzero(apps == group)
        sample = trips[:: -(-len(trips) // LARGEST_MATCHING)]
        km = evidence.roads.km(end[sample][:, None], start[sample])
        total_km += float(km[linear_sum_assignment(km)].mean()) * len(trips)
    return ratio(total_km, len(evidence.gig))


@measure("co2_kg", "kg/day")
def co2_kg(evidence: Evidence) -> float:
    """CO2 of the km in vkt_km."""
    traffic = evidence.settings.traffic
    cars = float(evidence.car_km_by_hour.sum()) * traffic.car_co2_kg_per_km
    return (cars + evidence.van_km * traffic.van_co2_kg_per_km) / evidence.days


@measure("external_cost_usd", "$/day")
def external_cost_usd(evidence: Evidence) -> float:
    """Congestion that the km in vkt_km cause others, and their CO2 at the social cost of carbon."""
    traffic = evidence.settings.traffic
    rate = np.array(traffic.congestion_usd_per_km)
    congestion = float(evidence.car_km_by_hour @ rate) / evidence.days
    for plan, leaves_h in evidence.tours:
        route_h = plan.hours / plan.routes if plan.routes else 0.0
        hour = np.arange(24)
        inside = np.clip(np.minimum(hour + 1, leaves_h + route_h) - np.maximum(hour, leaves_h), 0.0, None)
        congestion += ratio(plan.km * float(inside @ rate), route_h) / evidence.days if route_h else 0.0
    return congestion + co2_kg(evidence) / 1000 * traffic.carbon_usd_per_t
