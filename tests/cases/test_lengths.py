"""Units of length, speed and time, and projected coordinates: read as what they are, or refused by name."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from galleria.models.city import build_city
from galleria.models.city.readers.crs import unit_of, utm_to_degrees
from galleria.models.city.readers.text import speed_kph
from galleria.models.errors import UsageError
from tests.cases.town import (
    CORNERS,
    EAST_M,
    NORTH_M,
    Row,
    as_csv,
    as_gmns,
    as_graphml,
    links,
    remarks,
    settings_of,
    way,
)
from tests.city_worlds import graphml

ACROSS_M = 2 * EAST_M + 2 * NORTH_M
UTM_WKT2 = (
    'PROJCRS["WGS 84 / UTM zone 11N",BASEGEOGCRS["WGS 84",DATUM["WGS 1984",ELLIPSOID["WGS 84",6378137,'
    '298.257223563,LENGTHUNIT["metre",1]]],PRIMEM["Greenwich",0,ANGLEUNIT["degree",0.0174532925199433]],ID["EPSG",4326]],'
    'CONVERSION["UTM zone 11N",METHOD["Transverse Mercator",ID["EPSG",9807]]],CS[Cartesian,2],ID["EPSG",32611]]'
)
UTM_ESRI = (
    'PROJCS["WGS_1984_UTM_Zone_11N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.3]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],UNIT["Meter",1.0]]'
)


@pytest.mark.parametrize(
    ("unit", "metres"), [("kilometres", 1000), ("miles", 1609.344), ("feet", 0.3048), ("centimetres", 0.01)]
)
@pytest.mark.parametrize("writer", [as_graphml, as_csv])
def test_lengths_in_another_unit_are_named(
    unit: str, metres: float, writer: Callable[..., Path], tmp_path: Path
) -> None:
    """S01: nothing tells the unit but that no road is shorter than straight."""
    name = "length" if writer is as_graphml else "length_m"
    path = writer(tmp_path, lambda m: {name: m / metres, "highway": "residential"})
    with pytest.raises(UsageError, match=f"look like {unit}"):
        way(path, "1", "9")


def test_lengths_of_mixed_units_are_refused(tmp_path: Path) -> None:
    path = as_graphml(tmp_path, lambda m: {"length": m / (1000 if m > 400 else 1), "highway": "residential"})
    with pytest.raises(UsageError, match=r"12 of 24 lengths .* kilometres"):
        way(path, "1", "9")


def test_winding_roads_are_no_feet(tmp_path: Path) -> None:
    path = as_graphml(tmp_path, lambda m: {"length": m * (2 if m > 400 else 4), "highway": "residential"})
    assert way(path, "1", "3")[1] == pytest.approx(8 * EAST_M, abs=0.1)


@pytest.mark.parametrize(
    ("column", "metres"),
    [("length_km", 1000), ("length_mi", 1609.344), ("length_miles", 1609.344), ("length_ft", 0.3048), ("length", 1)],
)
def test_columns_that_name_their_unit(column: str, metres: float, tmp_path: Path) -> None:
    path = as_csv(tmp_path, lambda m: {column: m / metres, "speed_mph": 30})
    assert way(path, "1", "9") == pytest.approx((ACROSS_M / (30 * 1.609344) * 3.6, ACROSS_M), rel=1e-4)


def test_times_in_minutes_by_column_and_by_sight(tmp_path: Path) -> None:
    path = as_csv(tmp_path, lambda m: {"length_m": m, "time_min": m / 600})
    assert way(path, "1", "9")[0] == pytest.approx(ACROSS_M / 10, rel=1e-4)
    path = as_csv(tmp_path, lambda m: {"length_m": m, "time_s": m / 600})
    with pytest.raises(UsageError, match="look like minutes"):
        way(path, "1", "9")


def test_an_unknown_unit_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="length_furlongs: 'furlongs' is no unit"):
        way(as_csv(tmp_path, lambda m: {"length_furlongs": m}), "1", "9")


@pytest.mark.parametrize(
    ("length", "metres"),
    [("mile", 1609.344), ("miles", 1609.344), ("km", 1000), ("Kilometer", 1000), ("ft", 0.3048), ("meters", 1)],
)
@pytest.mark.parametrize(("speed", "kph"), [("mph", 1.609344), ("kph", 1), ("km/h", 1), ("m/s", 3.6)])
def test_units_that_gmns_states(length: str, metres: float, speed: str, kph: float, tmp_path: Path) -> None:
    """S02, S03: config.csv decides, whatever city.read says."""
    config = {"dataset_name": "town", "short_length": "foot", "long_length": length, "speed": speed, "crs": "4326"}
    path = as_gmns(tmp_path, links(lambda _, __, m: {"length": m / metres, "free_speed": 48 / kph}), config)
    assert way(path, "1", "9") == pytest.approx((ACROSS_M / 48 * 3.6, ACROSS_M), rel=1e-4)
    assert f"Lengths are read in {length}" in remarks(path)


def test_gmns_without_config(tmp_path: Path) -> None:
    path = as_gmns(tmp_path, links(lambda _, __, m: {"length": m / 1609.344, "free_speed": 30}))
    with pytest.raises(UsageError, match="look like miles"):
        way(path, "1", "9")
    as_gmns(tmp_path, links(lambda _, __, m: {"length": m, "free_speed": 30}), {"long_length": "furlong"})
    with pytest.raises(UsageError, match=r"config\.csv: long_length: 'furlong' is no unit"):
        way(path, "1", "9")


def mercator(lon: float, lat: float) -> tuple[float, float]:
    return 6378137 * math.radians(lon), 6378137 * math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))


@pytest.mark.parametrize("crs", ["epsg:3857", "EPSG:900913", 'PROJCS["WGS 84 / Pseudo-Mercator",...]'])
def test_web_mercator_is_measured_on_the_ground(crs: str, tmp_path: Path) -> None:
    """S04."""
    path = as_graphml(tmp_path, lambda _: {"highway": "residential"}, crs.replace('"', "&quot;"), mercator)
    assert way(path, "1", "9")[1] == pytest.approx(ACROSS_M, abs=0.1)


def utm(lon: float, lat: float) -> tuple[float, float]:
    """Find the UTM coordinates of a point by inverting the exact inverse, Newton's way."""
    x, y = 500_000.0, 4_000_000.0
    for _ in range(8):
        here = np.array(utm_to_degrees(np.array([x, x + 1, x]), np.array([y, y, y + 1]), 11, south=False))
        slope = np.array([here[:, 1] - here[:, 0], here[:, 2] - here[:, 0]]).T
        dx, dy = np.linalg.solve(slope, np.array([lon, lat]) - here[:, 0])
        x, y = x + dx, y + dy
    return float(x), float(y)


@pytest.mark.parametrize(
    ("crs", "unit_m"),
    [
        ("EPSG:32611", 1),
        ("epsg:26911", 1),
        ("urn:ogc:def:crs:EPSG::32611", 1),
        (UTM_WKT2, 1),
        (UTM_ESRI, 1),
        ("+proj=utm +zone=11 +datum=WGS84 +units=m", 1),
        ("+proj=utm +zone=11 +datum=NAD83 +units=us-ft", 0.3048006096012192),
        ('{"type": "ProjectedCRS", "name": "WGS 84 / UTM zone 11N", "id": {"authority": "EPSG", "code": 32611}}', 1),
    ],
)
def test_utm_in_every_writing(crs: str, unit_m: float, tmp_path: Path) -> None:
    """S05: well-known text holds the 4326 of its base too."""
    there = {name: utm(*corner) for name, corner in CORNERS.items()}
    x, y = (np.array([point[k] / unit_m for point in there.values()]) for k in (0, 1))
    unit, lon, lat, _ = unit_of(crs, x, y, "town")
    assert unit == "degrees"
    assert np.abs(lon - [corner[0] for corner in CORNERS.values()]).max() < 1e-7
    assert np.abs(lat - [corner[1] for corner in CORNERS.values()]).max() < 1e-7
    path = as_graphml(
        tmp_path,
        lambda _: {"highway": "residential"},
        crs.replace('"', "&quot;"),
        lambda lon, lat: tuple(v / unit_m for v in utm(lon, lat)),  # type: ignore[arg-type,return-value]
    )
    assert way(path, "1", "9")[1] == pytest.approx(ACROSS_M, abs=0.1)


def test_projections_without_a_known_unit_are_refused(tmp_path: Path) -> None:
    path = as_graphml(tmp_path, lambda _: {}, "EPSG:3421", lambda lon, lat: (7e5 + 3e5 * lon, 2e7 + 3e5 * lat))
    with pytest.raises(UsageError, match="projection EPSG:3421"):
        way(path, "1", "9")


def test_state_plane_feet_by_their_text(tmp_path: Path) -> None:
    text = 'PROJCS["NAD83 / Nevada East (ftUS)",UNIT["degree",0.0174],PROJECTION["TM"],UNIT["foot",0.3048006096]]'
    metres = (EAST_M / 0.004, NORTH_M / 0.004)
    path = as_graphml(
        tmp_path,
        lambda _: {"highway": "residential"},
        text.replace('"', "&quot;"),
        lambda lon, lat: ((lon + 116) * metres[0] / 0.3048006096, lat * metres[1] / 0.3048006096),
    )
    assert way(path, "1", "9")[1] == pytest.approx(ACROSS_M, abs=1)


def test_a_length_of_zero_between_ends_apart_was_not_measured(tmp_path: Path) -> None:
    """S06."""
    nodes = dict(CORNERS)
    edges = [
        (u, v, {"length": 0 if k == 0 else 360, "highway": "residential"})
        for k, (u, v) in enumerate([("1", "2"), ("2", "1")])
    ]
    path = tmp_path / "zero.graphml"
    path.write_text(graphml({name: nodes[name] for name in "12"}, edges))
    assert way(path, "1", "2")[1] == pytest.approx(EAST_M, abs=0.01)
    assert "1 edges state a length of zero" in remarks(path)


def test_a_town_on_both_sides_of_the_180th_meridian(tmp_path: Path) -> None:
    """S07: three square kilometres, not a belt around the earth; malls and people of either side lie in it."""
    shifted = lambda lon, lat: ((lon + 115.196 + 180 + 180) % 360 - 180, lat - 52)  # noqa: E731
    path = as_graphml(tmp_path, lambda _: {"highway": "residential"}, at=shifted)
    malls, homes = tmp_path / "malls.csv", tmp_path / "people.csv"
    malls.write_text("mall,lat,lon\nEast,-15.9,-179.996\nWest,-15.892,179.996\n")
    homes.write_text("geoid,population,latitude,longitude\n01,10,-15.896,-179.998\n02,10,-15.896,179.998\n")
    settings = settings_of(path, f"city.malls={malls}", "city/homes=census", f"city.homes.path={homes}")
    city = build_city(settings, tmp_path / "cache")
    assert city.area_km2 == pytest.approx(0.008**2 * 111.195**2 * math.cos(math.radians(15.896)), rel=1e-3)
    assert {str(city.roads.node_id[city.places.node[mall.place]]) for mall in city.malls} == {"3", "7"}
    assert "20 people at 2 points" in " ".join(city.report)


@pytest.mark.parametrize(
    ("text", "kph"),
    [
        ("-1", np.nan),
        ("10 knots", 18.5),
        ("10 kn", 18.5),
        ("35 mi/h", 56.3),
        ("30 MPH", 48.3),
        ("50 km/h", 50.0),
        ("60|50", 60.0),
        ("60 @ (22:00-06:00)", 60.0),
        ("DE:zone30", 30.0),
        ("RU:urban", np.nan),
        ("none", np.nan),
        ("", np.nan),
    ],
)
def test_speed_limits_as_people_tag_them(text: str, kph: float) -> None:
    """S25."""
    assert speed_kph(text) == pytest.approx(kph, nan_ok=True)


def test_speed_limits_in_words_are_counted(tmp_path: Path) -> None:
    path = as_graphml(tmp_path, lambda m: {"length": m, "highway": "tertiary", "maxspeed": "RU:urban"})
    assert "24 edges state a speed that is no number (RU:urban)" in remarks(path)


@pytest.mark.parametrize(("factor", "taken"), [(3, True), (1.02, False)])
def test_times_put_in_by_hand_count(factor: float, taken: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """S24: a time that does not come from the speed was meant; one that does differs by rounding."""

    def held(m: float) -> Row:
        return {"length": m, "maxspeed": 40, "travel_time": m / 40 * 3.6 * factor}

    path = as_graphml(tmp_path, held)
    assert way(path, "1", "9")[0] == pytest.approx(ACROSS_M / 40 * 3.6 * (factor if taken else 1), rel=1e-4)
    assert ("24 edges state a time" in remarks(path)) is taken
