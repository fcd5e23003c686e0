"""The toy city: every path can be counted by hand, so the tables are checked against the hand."""

from pathlib import Path

import numpy as np
import pytest

from galleria.models.city import City, build_city
from tests.city_worlds import city_settings


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> City:
    return build_city(city_settings("toy"), tmp_path_factory.mktemp("cache"))


def test_places_are_the_nine_homes_then_the_sites(toy: City) -> None:
    assert toy.places.node.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 4, 6, 0]
    assert [site.place for site in (*toy.malls, *toy.warehouses, *toy.big_boxes)] == [9, 10, 11]
    np.testing.assert_allclose(toy.places.households, [10.0] * 9 + [0.0] * 3)


@pytest.mark.parametrize(
    ("origin", "destination", "seconds", "km"),
    [
        (0, 1, 120.0, 1.0),  # one block of the ring
        (1, 4, 60.0, 1.0),  # one block of the cross
        (1, 7, 120.0, 2.0),  # straight through the middle
        (0, 8, 360.0, 4.0),  # ring, cross, cross, ring beats four blocks of ring
        (0, 2, 240.0, 2.0),  # two blocks of ring; through the middle takes 360 s
        (9, 10, 180.0, 2.0),  # mall to warehouse: cross and ring
        (4, 9, 0.0, 0.0),  # a home and the mall on the same corner
    ],
)
def test_tables_equal_the_paths_counted_by_hand(
    toy: City, origin: int, destination: int, seconds: float, km: float
) -> None:
    assert toy.time.at(origin, destination) == pytest.approx(seconds)
    assert toy.distance.at(origin, destination) == pytest.approx(km)


def test_look_up_broadcasts(toy: City) -> None:
    assert toy.time.at(9, np.arange(9)).tolist() == [180.0, 60.0, 180.0, 60.0, 0.0, 60.0, 180.0, 60.0, 180.0]
    assert toy.distance.at(np.arange(3)[:, None], np.arange(4)).shape == (3, 4)


def test_graph_has_the_attributes_osmnx_uses(toy: City) -> None:
    assert toy.graph.number_of_nodes() == 9
    assert toy.graph.number_of_edges() == 24
    assert toy.graph.edges[4, 1, 0] == {"length": 1000.0, "travel_time": 60.0, "highway": "primary"}


def test_zones_hold_all_places(toy: City) -> None:
    assert toy.zones.n == 4
    assert np.bincount(toy.places.zone, toy.places.households).sum() == pytest.approx(90)
    x, y = toy.zones.outline(0)
    assert np.ptp(x) == np.ptp(y) == 1.5


def test_the_same_settings_give_the_same_key_and_another_seed_another(tmp_path: Path) -> None:
    keys = {build_city(city_settings("toy", f"city.seed={seed}"), tmp_path).key for seed in (1, 1, 2)}
    assert len(keys) == 2
