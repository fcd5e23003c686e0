"""Kilometres with parcels by size of trip, against the orders of the same run and a route worked out by hand."""

import itertools

import numpy as np
import pytest

from galleria.models.measures.bundles import _shortest_km, hub_loaded_km_per_order, random_loaded_km_per_order
from tests.market_worlds import BUSY_TOY, run_of

BUNDLED = (*BUSY_TOY, "dispatch=lap_bundled", "drivers.pool=15")


def test_sizes_share_all_kilometres_of_the_place() -> None:
    evidence = run_of(*BUNDLED)[0].evidence()
    orders, rows = evidence.orders, evidence.gig
    origin = orders.origin[rows]
    here = rows[origin == np.bincount(origin).argmax()]
    by_size = hub_loaded_km_per_order(evidence)
    assert set(by_size) == {"1", "2", "3", "4"}
    count = np.bincount(orders.bundle[here], minlength=5)
    assert count[2:].sum() > 0
    total = sum(km * count[int(size)] for size, km in by_size.items() if count[int(size)])
    assert total == pytest.approx(orders.loaded_km[here].sum())


def test_partners_at_random_take_the_shortest_route() -> None:
    evidence = run_of(*BUNDLED)[0].evidence()
    hub, doors = evidence.orders.origin[evidence.gig[:1]], evidence.orders.destination[evidence.gig[:4]]
    routes = [np.concatenate([hub, doors[list(order)]]) for order in itertools.permutations(range(4))]
    lengths = [float(evidence.roads.km(route[:-1], route[1:]).sum()) for route in routes]
    assert _shortest_km(evidence, hub, doors) == pytest.approx(min(lengths))
    at_random = random_loaded_km_per_order(evidence)
    assert list(at_random) == ["1", "2", "3", "4"]
    assert all(km > 0 for km in at_random.values())


def test_there_is_nothing_to_say_where_nobody_bundles() -> None:
    evidence = run_of(*BUSY_TOY, "dispatch=lap")[0].evidence()
    assert hub_loaded_km_per_order(evidence) == random_loaded_km_per_order(evidence) == {}
