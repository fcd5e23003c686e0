"""Homes by census, table and raster; zones of three kinds."""

from pathlib import Path

import numpy as np
import pytest

from galleria.models.city import City, build_city
from galleria.models.city.zones import hexagons
from galleria.models.errors import UsageError
from tests.city_worlds import file_settings, graphml, street

NAMES = [f"n{k}" for k in range(10)]
NODES, STREETS = street(NAMES, -115.1, 36.1, highway="residential", length=1112)


def town(tmp_path: Path, *overrides: str) -> City:
    path = tmp_path / "town.graphml"
    path.write_text(graphml(NODES, STREETS))
    return build_city(file_settings(path, "city.households=100", "city.home_places=10", *overrides), tmp_path / "cache")


def people_by_node(city: City) -> dict[str, float]:
    homes = city.places.households > 0
    return dict(
        zip(city.roads.node_id[city.places.node[homes]].tolist(), city.places.households[homes].tolist(), strict=True)
    )


CENSUS = "geoid,population,latitude,longitude\nsouth,30,36.105,-115.1\nnorth,10,36.185,-115.1\nfar,999,36.9,-115.1\n"


def test_census_people_live_around_their_block_group(tmp_path: Path) -> None:
    groups = tmp_path / "groups.csv"
    groups.write_text(CENSUS)
    city = town(tmp_path, "city/homes=census", f"city.homes.path={groups}", "city.zones.kind=block_group")
    lived = people_by_node(city)
    south = sum(lived[name] for name in NAMES[:5])
    assert south == pytest.approx(75)
    assert sum(lived.values()) == pytest.approx(100)
    assert set(city.zones.label.tolist()) == {"south", "north"}
    assert any("999 people (96%) at 1 points" in sentence for sentence in city.report)
    # both groups lie in the middle between nodes 1.112 km apart
    assert any("0.56 km straight" in sentence and "within 0.56 km" in sentence for sentence in city.report)


@pytest.mark.parametrize("highway", ["primary", "residential"])
def test_an_access_leg_leads_to_homes_off_the_main_roads_and_nowhere_else(highway: str, tmp_path: Path) -> None:
    """A group 0.334 km north of n0: 1.3 times that at 30 km/h, at both ends; local streets need no such leg."""
    nodes, streets = street(NAMES, -115.1, 36.1, highway=highway, length=1112)
    path, groups = tmp_path / "town.graphml", tmp_path / "groups.csv"
    path.write_text(graphml(nodes, streets))
    groups.write_text("geoid,population,latitude,longitude\na,30,36.103,-115.1\nb,10,36.187,-115.1\n")
    given = (path, "city.households=100", "city.home_places=10", "city/homes=census", f"city.homes.path={groups}")
    plain = build_city(file_settings(*given), tmp_path / "cache")
    city = build_city(file_settings(*given, "+city/access@city.access=local_streets"), tmp_path / "cache")
    node = city.roads.node_id[city.places.node]
    leg_km = np.where((city.places.households > 0) & np.isin(node, ["n0", "n9"]), 1.3 * 0.3336, 0.0)
    more = (leg_km[:, None] + leg_km) * ~np.eye(leg_km.size, dtype=bool) * (highway == "primary")
    everywhere = np.arange(city.places.n)
    added_km = city.distance.at(everywhere[:, None], everywhere) - plain.distance.at(everywhere[:, None], everywhere)
    added_s = city.time.at(everywhere[:, None], everywhere) - plain.time.at(everywhere[:, None], everywhere)
    assert added_km == pytest.approx(more, abs=0.003)
    assert added_s == pytest.approx(more * 120, abs=0.3)
    assert any("access leg of 0.43 km" in sentence for sentence in city.report) == (highway == "primary")


def test_table_names_its_columns(tmp_path: Path) -> None:
    table = tmp_path / "zones.csv"
    table.write_text("y,x,who\n36.1,-115.1,1\n36.19,-115.1,3\n")
    columns = ("city.homes.latitude=y", "city.homes.longitude=x", "city.homes.population=who")
    lived = people_by_node(town(tmp_path, "city/homes=table", f"city.homes.path={table}", *columns))
    assert sum(lived[name] for name in NAMES[:5]) == pytest.approx(25)


def test_raster_cells_hold_people(tmp_path: Path) -> None:
    raster = tmp_path / "people.asc"
    raster.write_text(
        "ncols 1\nnrows 3\nxllcorner -115.115\nyllcorner 36.09\ncellsize 0.03\nNODATA_value -9\n1\n-9\n4\n"
    )
    lived = people_by_node(town(tmp_path, "city/homes=raster", f"city.homes.path={raster}"))
    # cells centred at 36.105 (4 people) and 36.165 (1): the border between them lies at 36.135
    assert sum(lived[name] for name in NAMES[:4]) == pytest.approx(80)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a,b\n1,2\n", "lacks the columns"),
        ("geoid,population,latitude,longitude\na,many,36.1,-115.1\n", "line 2"),
        ("geoid,population,latitude,longitude\na,5,-115.1,36.1\n", "latitude and longitude are not swapped"),
    ],
)
def test_bad_census_files(content: str, expected: str, tmp_path: Path) -> None:
    groups = tmp_path / "groups.csv"
    groups.write_text(content)
    with pytest.raises(UsageError, match=expected):
        town(tmp_path, "city/homes=census", f"city.homes.path={groups}")


def test_block_group_zones_need_block_groups(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="needs the block groups"):
        town(tmp_path, "city.zones.kind=block_group")


def test_hexagon_of_a_point_is_the_one_whose_centre_is_nearest() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.uniform(-10, 10, (2, 2000))
    width = 1.7
    cells = hexagons(width, x, y)
    around = [(q, r) for q in range(-2, 3) for r in range(-2, 3)]

    def centre(q: np.ndarray, r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return (q + r / 2) * width, r * width / np.sqrt(3) * 1.5

    own = np.hypot(*(a - b for a, b in zip(centre(*cells.T), (x, y), strict=True)))
    for q, r in around:
        other = np.hypot(*(a - b for a, b in zip(centre(cells[:, 0] + q, cells[:, 1] + r), (x, y), strict=True)))
        assert (own <= other + 1e-9).all()


@pytest.mark.parametrize("kind", ["square", "hexagon"])
def test_outlines_hold_their_places(kind: str, tmp_path: Path) -> None:
    city = town(tmp_path, f"city.zones.kind={kind}")
    for place in range(city.places.n):
        x, y = city.zones.outline(int(city.places.zone[place]))
        assert x.min() - 1e-9 <= city.places.x_km[place] <= x.max() + 1e-9
        assert y.min() - 1e-9 <= city.places.y_km[place] <= y.max() + 1e-9


def test_the_area_is_cut_around_the_first_mall(tmp_path: Path) -> None:
    malls = tmp_path / "malls.csv"
    malls.write_text("mall,lat,lon\nSouth,36.1,-115.1\nNorth,36.19,-115.1\n")
    city = town(tmp_path, f"city.malls={malls}", "city.within_km=3.4")
    assert set(city.roads.node_id.tolist()) == set(NAMES[:4])
    assert [site.name for site in city.malls] == ["South"]
    with pytest.raises(UsageError, match="needs a mall"):
        town(tmp_path, "city.within_km=3.4")
