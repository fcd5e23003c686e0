"""Measures of what travels together: kilometres with parcels by size of trip, and with partners at random."""

import numpy as np

from galleria.agents.dispatch.routing import EXACT_STOPS, best_route
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.noise import hashed_uniform
from galleria.models.measures.evidence import Evidence
from galleria.models.measures.registry import measures
from galleria.models.measures.statistics import mean

DRAWS = 200
"""Trips of partners at random that are routed for each size."""


@measures("hub_loaded_km_per_order_<size>", "km")
def hub_loaded_km_per_order(evidence: Evidence) -> dict[str, float]:
    """Km with parcels per order in trips of so many orders from the place with most orders, where orders bundle."""
    orders, rows = evidence.orders, _from_hub(evidence)
    size = orders.bundle[rows]
    return {str(k): mean(orders.loaded_km[rows][size == k]) for k in _sizes(evidence)}


@measures("random_loaded_km_per_order_<size>", "km")
def random_loaded_km_per_order(evidence: Evidence) -> dict[str, float]:
    """Km with parcels per order if trips of so many from that place had partners at random and the shortest route."""
    rows = _from_hub(evidence)
    place = _shuffled(evidence.orders.destination[rows], evidence.orders.occasion[rows])
    hub = evidence.orders.origin[rows[:1]]
    found = {}
    for size in _sizes(evidence):
        trips = [place[n : n + size] for n in range(0, min(len(place), DRAWS * size) - size + 1, size)]
        found[str(size)] = mean(np.array([_shortest_km(evidence, hub, doors) / size for doors in trips]))
    return found


def _sizes(evidence: Evidence) -> range:
    """List the sizes of trips that can be, none where nobody bundles."""
    dispatch = evidence.settings.dispatch
    bundles = any(
        dispatch.rule_of(name).bundles
        for name, is_gig in zip(evidence.couriers, evidence.is_gig.tolist(), strict=True)
        if is_gig
    )
    return range(1, min(EXACT_STOPS, dispatch.bundling.max_orders) + 1) if bundles else range(0)


def _from_hub(evidence: Evidence) -> Ints:
    """Return the delivered gig orders from the place where most are collected."""
    origin = evidence.orders.origin[evidence.gig]
    if not len(origin):
        return evidence.gig
    place, count = np.unique(origin, return_counts=True)
    return np.asarray(evidence.gig[origin == place[count.argmax()]])


def _shuffled(place: Ints, occasion: Ints) -> Ints:
    """Put places in an order that depends on nothing but the occasions' numbers."""
    return np.asarray(place[np.argsort(hashed_uniform(0, occasion), kind="stable")])


def _shortest_km(evidence: Evidence, hub: Ints, doors: Ints) -> float:
    stops = np.concatenate([hub, doors])
    leg: Floats = evidence.roads.km(stops[:, None], stops)
    walk = np.concatenate([[0], best_route(leg, 0.0)])
    return float(leg[walk[:-1], walk[1:]].sum())
