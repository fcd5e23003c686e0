"""Road graphs of real cities against answers computed independently (see the README of each data folder)."""

import csv
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from galleria.models.city import City, build_city
from galleria.models.city.tables import PathSearch
from tests.city_worlds import DATA, file_settings

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no outside data in {DATA} (set GALLERIA_DATA)")


def needed(relative: str) -> Path:
    path = DATA / relative
    if not path.exists():
        pytest.skip(f"{path} is not there")
    return path


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
