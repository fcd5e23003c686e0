"""Measures of how far drivers drive empty, beside what closed forms say from the places of the same run (model 10.2).

A driver has to get from the last door of a trip to the next store. Flow balance bounds the mean of that way from below
(H1), the nearest of idle drivers at random places adds the static formula (S1); both come from the city's roads.
"""

import numpy as np

from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.models.measures.evidence import Evidence
from galleria.models.measures.registry import measure, measures
from galleria.models.measures.statistics import mean, ratio
from galleria.models.measures.transport import transport_cost

MOST_TRIPS = 4000
"""Trips of which flow balance is worked out; of more, an even sample is taken."""

IDLE = (1, 4, 16, 64)
"""Numbers of idle drivers for which the way of the nearest is worked out."""

AFTERNOON_H = (12, 20)
"""Hours of day in which throughput is counted: a plateau of demand, hours after stores and drivers begin."""


@measure("least_deadhead_km_per_order", "km")
def least_deadhead_km_per_order(evidence: Evidence) -> float:
    """Km from last doors to next stores per order if every driver went where it is shortest for all with the same apps.

    The Kantorovich distance between the ends and the starts of trips, exact: what flow balance leaves, were all trips
    at hand at once and no driver to log on or off.
    """
    start, end, trip_apps = _trips(evidence)
    total_km = 0.0
    for group in np.unique(trip_apps):
        trips = np.flatnonzero(trip_apps == group)
        sample = trips[:: -(-len(trips) // MOST_TRIPS)]
        hubs, collected = np.unique(start[sample], return_counts=True)
        km = evidence.roads.km(end[sample][:, None], hubs)
        total_km += transport_cost(km, collected) / len(sample) * len(trips)
    return ratio(total_km, len(evidence.gig))


@measure("nearest_deadhead_km_per_order", "km")
def nearest_deadhead_km_per_order(evidence: Evidence) -> float:
    """Km to stores per order if the courier's drivers were idle at last doors at random, as many as on average.

    The static formula: what is added to flow balance at most, as the driver with the shortest way for all may be on a
    trip.
    """
    start, end, trip_apps = _trips(evidence)
    courier = evidence.orders.courier[evidence.gig[_first_of_trips(evidence)]]
    window_s = DAY_S * evidence.days
    total_km = 0.0
    for number in np.unique(courier).tolist():
        has_app = (evidence.drivers.apps >> number & 1).astype(np.bool_)
        idle = float(evidence.drivers.idle_s[has_app].sum()) / window_s
        own = start[courier == number]
        hubs, collected = np.unique(own, return_counts=True)
        km = evidence.roads.km(end[(trip_apps >> number & 1).astype(np.bool_)][:, None], hubs)
        total_km += float(nearest_of(km, max(1.0, idle)) @ collected)
    return ratio(total_km, len(evidence.gig))


@measure("least_pickup_min", "min")
def least_pickup_min(evidence: Evidence) -> float:
    """Minutes on free roads from last doors to next stores if every driver went where it is shortest for all."""
    start, end, _ = _trips(evidence)
    sample = slice(None, None, max(1, -(-len(start) // MOST_TRIPS)))
    hubs, collected = np.unique(start[sample], return_counts=True)
    roads = evidence.roads
    minutes = roads.free[end[sample][:, None], hubs] * np.float64(roads.free_step_s / 60)
    return ratio(transport_cost(minutes, collected), len(end[sample]))


@measures("nearest_pickup_min_<drivers>", "min")
def nearest_pickup_min(evidence: Evidence) -> dict[str, float]:
    """Minutes on free roads to a trip's store for the nearest of so many drivers at last doors at random."""
    start, end, _ = _trips(evidence)
    hubs, collected = np.unique(start, return_counts=True)
    minutes = evidence.roads.free[end[:, None], hubs] * np.float64(evidence.roads.free_step_s / 60)
    return {str(idle): ratio(float(nearest_of(minutes, idle) @ collected), len(end)) for idle in IDLE}


@measure("afternoon_orders_per_h", "1/h")
def afternoon_orders_per_h(evidence: Evidence) -> float:
    """Orders that gig drivers deliver an hour between noon and 8 p.m."""
    return float(_in_afternoon(evidence).sum()) / (AFTERNOON_H[1] - AFTERNOON_H[0]) / evidence.days


@measure("afternoon_pickup_min_mean", "min")
def afternoon_pickup_min_mean(evidence: Evidence) -> float:
    """Mean time from acceptance to arrival at the store of gig orders delivered between noon and 8 p.m."""
    orders, rows = evidence.orders, evidence.gig[_in_afternoon(evidence)]
    return mean((orders.arrived_s[rows] - orders.accepted_s[rows]) / 60)


@measure("from_store_min_per_order", "min")
def from_store_min_per_order(evidence: Evidence) -> float:
    """Time of gig drivers at stores, on the way to doors and at doors per order delivered."""
    each = evidence.drivers
    return ratio(float((each.at_store_s + each.to_door_s + each.at_door_s).sum()) / 60, len(evidence.gig))


def nearest_of(way: Floats, drivers: float) -> Floats:
    """Compute the expected shortest way to each of h places for a number of drivers at random places, float64 [h].

    The shortest of I draws is the j-th of n sorted ways with the chance ((n - j + 1) / n)^I - ((n - j) / n)^I.

    Parameters
    ----------
    way
        float64 [n, h], from each place at which a driver may be.
    drivers
        Their number I, >= 1; need not be whole.
    """
    n = len(way)
    beyond = (np.arange(n, -1, -1) / n) ** drivers if n else np.ones(1)
    return np.asarray((beyond[:-1] - beyond[1:]) @ np.sort(way, axis=0))


def _first_of_trips(evidence: Evidence) -> Ints:
    """Return the entry among the delivered gig orders of the first of each trip."""
    return np.unique(evidence.orders.trip[evidence.gig], return_index=True)[1]


def _trips(evidence: Evidence) -> tuple[Ints, Ints, Ints]:
    """Return the store and the last door of each trip, and its driver's apps."""
    orders, rows = evidence.orders, evidence.gig
    first = rows[_first_of_trips(evidence)]
    by_trip = rows[np.lexsort((orders.delivered_s[rows], orders.trip[rows]))]
    is_last = np.append(np.diff(orders.trip[by_trip]) != 0, np.ones(min(1, len(by_trip)), np.bool_))
    return orders.origin[first], orders.destination[by_trip[is_last]], evidence.drivers.apps[orders.driver[first]]


def _in_afternoon(evidence: Evidence) -> Bools:
    """Return which delivered gig orders were handed over in the afternoon of one of the days."""
    delivered_s = evidence.orders.delivered_s[evidence.gig]
    hour = delivered_s % DAY_S / HOUR_S
    return np.asarray(
        (hour >= AFTERNOON_H[0]) & (hour < AFTERNOON_H[1]) & (delivered_s < evidence.settings.run.days * DAY_S)
    )
