"""What must hold on every road network, tried on random ones."""

from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from galleria.models.city.raw import RawRoads
from galleria.models.city.readers.text import speed_kph
from galleria.models.city.repair import repair
from galleria.models.city.roads import Roads
from galleria.models.city.settings import SpeedTable
from galleria.models.city.tables import PathSearch, compute_tables
from galleria.models.errors import UsageError
from galleria.models.traffic.assignment import CostFunction, Loader, equilibrium

TABLE = SpeedTable(kph={}, other=36, plausible_from=5, plausible_to=130)


@st.composite
def raw_roads(draw: st.DrawFn) -> RawRoads:
    """Draw a ring, so that everything is reachable, with chords, parallel edges, loops and a dead end."""
    n = draw(st.integers(3, 12))
    chords = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=20))
    ends = [(k, (k + 1) % n) for k in range(n)] + chords + [(0, n)]
    lengths = draw(st.lists(st.integers(0, 3000), min_size=len(ends), max_size=len(ends)))
    speeds = draw(st.lists(st.sampled_from([18.0, 36.0, 72.0, np.nan]), min_size=len(ends), max_size=len(ends)))
    nowhere = np.full(len(ends), np.nan)
    return RawRoads(
        source="random",
        unit="metres",
        frame="free",
        node_id=[f"n{k}" for k in range(n + 1)],
        x=np.cos(np.arange(n + 1.0)) * 1000,
        y=np.sin(np.arange(n + 1.0)) * 1000,
        tail=np.array([u for u, _ in ends], dtype=np.int32),
        head=np.array([v for _, v in ends], dtype=np.int32),
        length_m=np.array(lengths, dtype=np.float64),
        speed_kph=np.array(speeds),
        time_s=nowhere,
        lanes=nowhere,
        road_class=["residential"] * len(ends),
        shapes={},
    )


def mended(raw: RawRoads) -> Roads:
    return repair(raw, TABLE, 1.0)[0]


@given(raw_roads())
@settings(max_examples=60, deadline=None)
def test_paths_equal_networkx(raw: RawRoads) -> None:
    """Times are those of the fastest paths; distances are those of one fastest path."""
    roads = mended(raw)
    every = np.arange(roads.nodes, dtype=np.int32)
    seconds, km = PathSearch(roads).from_nodes(every, every)
    graph = roads.to_networkx()
    for origin in range(roads.nodes):
        expected = nx.single_source_dijkstra_path_length(graph, origin, weight="travel_time")
        np.testing.assert_allclose(seconds[origin], [float(expected[k]) for k in range(roads.nodes)], atol=1e-9)
        for destination in range(roads.nodes):
            lengths = [
                sum(
                    min((e["travel_time"], e["length"]) for e in graph[u][v].values())[1] / 1000
                    for u, v in pairwise(path)
                )
                for path in nx.all_shortest_paths(graph, origin, destination, weight="travel_time")
            ]
            assert np.isclose(lengths, km[origin, destination], atol=1e-9).any()


@given(raw_roads())
@settings(max_examples=30, deadline=None)
def test_tables_are_within_half_a_step_and_never_shorten(raw: RawRoads) -> None:
    roads = mended(raw)
    every = np.arange(roads.nodes, dtype=np.int32)
    seconds, _ = PathSearch(roads).from_nodes(every, every)
    with TemporaryDirectory() as folder:
        time, distance = compute_tables(roads, every, Path(folder), progress=False)
        found = time.at(every[:, None], every)
        assert np.abs(found - seconds).max() <= time.resolution / 2 + 1e-3
        assert (np.diag(found) == 0).all()
        assert (np.diag(distance.values) == 0).all()
        # by way of a third place is never quicker than the table says, but for rounding
        detour = (found[:, :, None] + found[None, :, :]).min(axis=1)
        assert (found <= detour + 1.5 * time.resolution + 1e-6).all()


@given(raw_roads())
@settings(max_examples=60, deadline=None)
def test_repair_keeps_one_connected_part_without_loops(raw: RawRoads) -> None:
    roads, said = repair(raw, TABLE, 1.0)
    assert roads.nodes == len(raw.node_id) - 1  # the dead end is dropped
    assert (roads.edge_u != roads.edge_v).all()
    assert any("outside the largest strongly connected part" in sentence for sentence in said)
    loops = int((raw.tail == raw.head).sum())
    assert any(f"{loops} self-loops" in sentence for sentence in said) == (loops > 0)
    assert np.isfinite(roads.edge_time_s).all()


@given(raw_roads(), st.integers(0, 11))
@settings(max_examples=30, deadline=None)
def test_a_negative_length_is_refused(raw: RawRoads, edge: int) -> None:
    raw.length_m[edge % raw.length_m.size] = -1.0
    with pytest.raises(UsageError, match="negative length"):
        mended(raw)


@given(raw_roads(), st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_equilibrium_conserves_trips_and_lets_nobody_gain(raw: RawRoads, seed: int) -> None:
    roads = mended(raw)
    rng = np.random.default_rng(seed)
    zones = np.arange(3, dtype=np.int32)
    trips = rng.uniform(0, 500, (3, 3))
    costs = CostFunction(
        free=roads.edge_time_s + 1.0,
        b=np.full(roads.edges, 0.15),
        power=np.full(roads.edges, 4.0),
        capacity=np.full(roads.edges, 300.0),
        fixed=np.zeros(roads.edges),
    )
    loader = Loader(roads.edge_u, roads.edge_v, roads.nodes, trips, zones, zones, np.empty(0, dtype=np.int32))
    found = equilibrium(loader, costs, gap=1e-4, iterations=300)
    np.fill_diagonal(trips, 0.0)
    net = np.bincount(roads.edge_u, found.flow, roads.nodes) - np.bincount(roads.edge_v, found.flow, roads.nodes)
    expected = np.zeros(roads.nodes)
    expected[:3] = trips.sum(axis=1) - trips.sum(axis=0)
    np.testing.assert_allclose(net, expected, atol=1e-6 * max(1.0, trips.sum()))
    assert (found.flow >= 0).all()
    # nothing is cheaper than the fastest paths at these costs
    _, least = loader.load(found.cost)
    assert float(found.cost @ found.flow) >= least * (1 - 1e-9)


@given(st.floats(1, 300), st.sampled_from(["", " ", " km/h"]))
@settings(max_examples=40, deadline=None)
def test_speeds_are_read_in_both_units(speed: float, space: str) -> None:
    number = f"{speed:.1f}"
    assert speed_kph(f"{number}{space}") == pytest.approx(float(number))
    assert speed_kph(f"{number} mph") == pytest.approx(float(number) * 1.609344, abs=0.051)
