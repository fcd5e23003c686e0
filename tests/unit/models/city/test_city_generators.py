"""Generated cities: what the rules of model.md 2 promise of streets, sites and people."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components

from galleria.models.city import City, build_city
from galleria.models.errors import UsageError
from tests.city_worlds import city_settings


@pytest.fixture(scope="module")
def sunbelt(tmp_path_factory: pytest.TempPathFactory) -> City:
    return build_city(city_settings("sunbelt", "city.home_places=200"), tmp_path_factory.mktemp("cache"))


def test_sunbelt_is_about_twenty_kilometres_wide_and_connected(sunbelt: City) -> None:
    assert 19 < np.ptp(sunbelt.roads.node_x_km) < 21
    assert 19 < np.ptp(sunbelt.roads.node_y_km) < 21
    parts, _ = connected_components(sunbelt.roads.fastest(), connection="strong")
    assert parts == 1


def test_sunbelt_has_its_sites(sunbelt: City) -> None:
    places = sunbelt.places
    (mall,), (warehouse,) = sunbelt.malls, sunbelt.warehouses
    assert len(sunbelt.big_boxes) == 9
    assert len({int(places.node[box.place]) for box in sunbelt.big_boxes}) == 9
    assert places.x_km[warehouse.place] - places.x_km[mall.place] == pytest.approx(-2.0, abs=0.2)
    assert places.y_km[warehouse.place] - places.y_km[mall.place] == pytest.approx(10.0, abs=0.2)
    away = [
        np.hypot(places.x_km[b.place] - places.x_km[mall.place], places.y_km[b.place] - places.y_km[mall.place])
        for b in sunbelt.big_boxes
    ]
    assert min(away) >= 1.5


def test_malls_stand_on_a_lattice_the_middle_one_first(tmp_path: Path) -> None:
    settings = city_settings(
        "sunbelt",
        "city.home_places=50",
        "city.blocks=40",
        "city.malls.rows=3",
        "city.malls.columns=1",
        "city.malls.spacing_km=2.0",
        "city.freeways_north_km=[]",
        "city.freeways_east_km=[]",
    )
    city = build_city(settings, tmp_path)
    y_km = [float(city.places.y_km[mall.place]) for mall in city.malls]
    x_km = [float(city.places.x_km[mall.place]) for mall in city.malls]
    middle_km = 20 * 0.201168
    assert [mall.name for mall in city.malls] == ["Mall 1", "Mall 2", "Mall 3"]
    assert y_km == pytest.approx([middle_km, middle_km - 2, middle_km + 2], abs=0.2)
    assert x_km == pytest.approx([middle_km] * 3, abs=0.2)


def test_sunbelt_keeps_its_people(sunbelt: City) -> None:
    assert sunbelt.places.households.sum() == pytest.approx(60_000)
    assert (sunbelt.places.households[:-11] > 0).all()
    assert (sunbelt.places.households[-11:] == 0).all()


def test_sunbelt_freeway_is_faster_than_the_streets_and_reachable(sunbelt: City) -> None:
    roads = sunbelt.roads
    freeway = roads.classes_touching({"motorway"})
    kph = roads.edge_length_km / roads.edge_time_s * 3600
    assert kph[freeway].min() > kph[~freeway].max()
    assert np.unique(roads.edge_u[freeway]).size > 50


def test_sunbelt_streets_are_not_one_seed_for_all(tmp_path: Path) -> None:
    one, other = (
        build_city(city_settings("sunbelt", "city.home_places=9", f"city.seed={seed}"), tmp_path) for seed in (1, 2)
    )
    assert one.roads.edges != other.roads.edges


def test_grid_distances_are_city_blocks(tmp_path: Path) -> None:
    city = build_city(city_settings("grid", "city.nodes_per_side=12", "city.home_places=144"), tmp_path)
    places = city.places
    blocks = np.abs(places.x_km[:, None] - places.x_km) + np.abs(places.y_km[:, None] - places.y_km)
    every = np.arange(places.n)
    np.testing.assert_allclose(city.distance.at(every[:, None], every), blocks, atol=1e-9)
    np.testing.assert_allclose(city.time.at(every[:, None], every), blocks / 40 * 3600, atol=1e-6)


def test_torus_distances_wrap_around(tmp_path: Path) -> None:
    city = build_city(city_settings("torus", "city.nodes_per_side=10", "city.home_places=100"), tmp_path)
    assert city.torus_size_km == 2.5
    assert city.area_km2 == 6.25
    places = city.places

    def around(x: np.ndarray) -> np.ndarray:
        away = np.abs(x[:, None] - x)
        return np.asarray(np.minimum(away, 2.5 - away))

    every = np.arange(places.n)
    np.testing.assert_allclose(
        city.distance.at(every[:, None], every), around(places.x_km) + around(places.y_km), atol=1e-9
    )


def test_two_processes_compute_the_same_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = city_settings("grid", "city.nodes_per_side=9", "city.home_places=81")
    alone = build_city(settings, tmp_path / "alone")
    monkeypatch.setattr("galleria.models.city.tables.SMALL_WORK", 0)
    monkeypatch.setattr("galleria.models.city.tables.CHUNK", 81 * 7)
    shared = build_city(settings, tmp_path / "shared")
    np.testing.assert_array_equal(shared.time.values, alone.time.values)
    np.testing.assert_array_equal(shared.distance.values, alone.distance.values)


def test_longer_trips_get_a_coarser_step(tmp_path: Path) -> None:
    """At 1 km/h a kilometre takes an hour, so the step must grow with the city; beyond the largest it is an error."""
    slow = ("city.speed_kph=1", "city.spacing_km=1", "city.home_places=400", "city.warehouse.north_km=1")
    steps = [
        build_city(city_settings("grid", f"city.nodes_per_side={n}", *slow), tmp_path).time.resolution
        for n in (2, 4, 6, 20)
    ]
    # the longest trips last 2, 6, 10 and 38 hours; 65,535 steps must hold them
    assert steps[0] == 0.2
    assert steps[1] == 0.5
    assert steps[2] == 1.0
    assert steps[3] == 5.0
    with pytest.raises(UsageError, match="Cut the road graph"):
        build_city(city_settings("grid", "city.nodes_per_side=90", *slow[:2], "city.home_places=99"), tmp_path)
