"""The kernel that makes bundles against the plain one: the same orders travel together."""

from itertools import pairwise

import numpy as np
import pytest

from galleria.agents.dispatch.bundles import bundle
from galleria.agents.dispatch.trips import Jobs, Limits, Moment, Scene, Stops, UnderWay, Weights
from galleria.agents.kernel.roads import Roads, arrival_s
from galleria.models.traffic.hourly import roads_of
from tests.market_worlds import city_of, settings_of
from tests.reference.bundles import Desk, Parcel


@pytest.fixture(scope="module")
def roads() -> Roads:
    settings = settings_of("city=toy")
    return roads_of(city_of(settings.city), settings.traffic, 3)


@pytest.mark.parametrize("seed", range(25))
def test_the_same_orders_travel_together(roads: Roads, seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, trips, most = int(rng.integers(1, 14)), int(rng.integers(0, 3)), int(rng.integers(1, 5))
    now_s = float(rng.uniform(0, 80_000))
    size = rng.integers(1, most + 1, trips)
    first = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    total = int(first[-1]) + n
    origin = rng.integers(9, 12, total)
    for t in range(trips):
        origin[first[t] : first[t + 1]] = origin[first[t]]
    ready_s = now_s + rng.uniform(-900, 900, total)
    jobs = Jobs(origin.astype(np.int32), rng.integers(0, 9, total).astype(np.int32), ready_s, ready_s + 1500.0)
    stops = Stops(*rng.uniform(0, 300, 5))
    price, pickup_s, lateness = float(rng.uniform(0, 3)), 480.0, float(rng.uniform(0, 2))
    candidates = int(rng.choice([2, 5, 20]))
    arrives_s = now_s + rng.uniform(0, 600, trips)
    sequence = np.arange(total - n, total)[np.argsort(ready_s[total - n :], kind="stable")]

    limits = Limits(most, pickup_s, 1800.0, candidates, 0.0, 0.0, 0.0)
    scene = Scene(roads, stops, Weights(lateness, 0.0, 0.0, 0.0, 0.0), limits)
    under_way = UnderWay(first, np.arange(total - n), arrives_s)
    edges, member = bundle(scene, jobs, under_way, sequence, Moment(now_s, price))
    found = [set(member[a:b].tolist()) for a, b in pairwise(edges.tolist())]

    parcels = [Parcel(*(column[k].item() for column in jobs)) for k in range(total)]
    number = {id(parcel): k for k, parcel in enumerate(parcels)}
    desk = Desk(
        lambda a, b, at: arrival_s(roads, a, b, at), lambda a, b: roads.free[a, b], stops, lateness, now_s, candidates
    )
    trips_before = [([parcels[k] for k in range(first[t], first[t + 1])], float(arrives_s[t])) for t in range(trips)]
    expected = desk.join(trips_before, [parcels[k] for k in sequence], most, price, pickup_s)
    assert found == [{number[id(parcel)] for parcel in members} for members in expected]
