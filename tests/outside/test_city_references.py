"""Road graphs of real cities against answers computed independently (see the README of each data folder)."""

import csv
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra

from models.city import City, build_city
from models.city.build import build_roads
from models.city.roads import Roads
from models.city.tables import PathSearch
from tests.city_worlds import DATA, file_settings

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no outside data in {DATA} (set GALLERIA_DATA)")

GRAPHS = [
    "city-las-vegas/graph.graphml.gz",
    "city-las-vegas/edges.csv.gz",
    "city-phoenix-arterials/graph.graphml.gz",
    "city-pittsburgh/graph.graphml.gz",
    "city-baltimore-south/graph.graphml.gz",
    "city-baltimore-south/baltimore.osm.pbf",
    "city-porto/edges.csv.gz",
]


def needed(relative: str) -> Path:
    path = DATA / relative
    if not path.exists():
        pytest.skip(f"{path} is not there")
    return path


def reference_pairs(roads: Roads, folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Read reference_od_pairs.csv: rows of origins and destinations, seconds, metres."""
    row = {name: k for k, name in enumerate(roads.node_id.tolist())}
    with (folder / "reference_od_pairs.csv").open(newline="") as stream:
        pairs = list(csv.DictReader(stream))
    origin = np.array([row[pair["origin"]] for pair in pairs])
    destination = np.array([row[pair["dest"]] for pair in pairs])
    return (
        origin,
        destination,
        np.array([float(pair["freeflow_s"]) for pair in pairs]),
        np.array([float(pair["shortest_m"]) for pair in pairs]),
    )


@pytest.mark.parametrize("graph", GRAPHS)
def test_reference_pairs_to_a_hundredth(graph: str) -> None:
    path = needed(graph)
    roads, _ = build_roads(file_settings(path))
    origin, destination, seconds, metres = reference_pairs(roads, path.parent)
    pairs = np.arange(origin.size)
    found_s = dijkstra(roads.fastest(), indices=origin)[pairs, destination]
    found_m = dijkstra(roads.shortest(), indices=origin)[pairs, destination] * 1000
    np.testing.assert_allclose(found_s, seconds, atol=0.01)
    np.testing.assert_allclose(found_m, metres, atol=0.01)


@pytest.fixture(scope="module")
def las_vegas(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = needed("city-las-vegas")
    settings = file_settings(
        folder / "graph.graphml.gz", f"city.malls={folder / 'malls.csv'}", "city.home_places=500", "city.snap_km=2"
    )
    return build_city(settings, tmp_path_factory.mktemp("cache"))


def test_tables_differ_from_exact_paths_by_half_a_step(las_vegas: City) -> None:
    node = las_vegas.places.node
    some = np.arange(0, node.size, 25, dtype=np.int32)
    seconds, km = PathSearch(las_vegas.roads).from_nodes(node[some], node)
    every = np.arange(node.size)
    step = las_vegas.time.resolution
    assert np.abs(las_vegas.time.at(some[:, None], every) - seconds).max() <= step / 2 + 1e-3
    step = las_vegas.distance.resolution
    assert np.abs(las_vegas.distance.at(some[:, None], every) - km).max() <= step / 2 + 1e-5


def test_distance_along_the_fastest_path_equals_networkx(las_vegas: City) -> None:
    """Follow single paths with an independent implementation."""
    import networkx as nx  # noqa: PLC0415 (only this test needs it)

    graph = las_vegas.graph
    rng = np.random.default_rng(5)
    for a, b in rng.integers(0, las_vegas.places.n, (15, 2)):
        u, v = int(las_vegas.places.node[a]), int(las_vegas.places.node[b])
        path = nx.shortest_path(graph, u, v, weight="travel_time")
        metres = sum(
            min((held["travel_time"], held["length"]) for held in graph[i][j].values())[1] for i, j in pairwise(path)
        )
        assert float(las_vegas.distance.at(a, b)) == pytest.approx(metres / 1000, abs=0.0011)


def test_malls_stand_at_the_nearest_reachable_node(las_vegas: City) -> None:
    with needed("city-las-vegas/malls.csv").open(newline="") as stream:
        stated = {row["mall"]: row["nearest_scc_node"] for row in csv.DictReader(stream)}
    found = {site.name: str(las_vegas.roads.node_id[las_vegas.places.node[site.place]]) for site in las_vegas.malls}
    assert found == stated


@pytest.mark.parametrize("city", ["city-las-vegas", "city-baltimore-south"])
def test_nearest_driver_levels_and_slopes(city: str) -> None:
    """Idle drivers at k random nodes: mean network distance to the nearest falls as the reference says."""
    folder = needed(city)
    roads, _ = build_roads(file_settings(folder / "graph.graphml.gz"))
    with (folder / "reference_nearest_driver.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    drivers = np.array([int(row["idle_drivers"]) for row in rows])
    level = np.array([float(row["mean_nearest_network_m"]) for row in rows])
    rng = np.random.default_rng(11)
    graph = roads.shortest()
    # paths lead from a driver to a node, so the nearest of all drivers is one multi-source search
    found = np.array(
        [
            np.mean(
                [
                    dijkstra(graph, indices=rng.choice(roads.nodes, k, replace=False), min_only=True).mean() * 1000
                    for _ in range(max(60, 3000 // k))
                ]
            )
            for k in drivers
        ]
    )
    # the reference is a sample itself; where its own standard error is large, 2.5 of them are allowed
    error = np.array([float(row["se_m"]) for row in rows])
    assert (np.abs(found - level) <= np.maximum(0.03 * level, 2.5 * error)).all()
    slope, reference = (np.polyfit(np.log(drivers), np.log(values), 1)[0] for values in (found, level))
    assert slope == pytest.approx(reference, abs=0.02)
