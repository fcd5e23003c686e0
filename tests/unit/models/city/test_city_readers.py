"""One small town in every format, and what goes wrong with each."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from galleria.models.city import build_city
from galleria.models.city.build import build_roads
from galleria.models.city.readers.crs import utm_to_degrees
from galleria.models.city.readers.text import first_of, speed_kph
from galleria.models.city.roads import Roads
from galleria.models.errors import UsageError
from tests.city_worlds import file_settings, graphml, street

# four corners in a row, 0.01 degrees of latitude (1.112 km) apart, 40.2 km/h; c to d is one-way by way of e
OSM = """<?xml version='1.0'?><osm version="0.6">
<node id="1" lat="36.10" lon="-115.1"/><node id="2" lat="36.11" lon="-115.1"/><node id="3" lat="36.12" lon="-115.1"/>
<node id="4" lat="36.13" lon="-115.1"/><node id="5" lat="36.125" lon="-115.09"/><node id="6" lat="36.115" lon="-115.1"/>
<way id="10"><nd ref="1"/><nd ref="2"/><nd ref="6"/><nd ref="3"/><tag k="highway" v="residential"/></way>
<way id="11"><nd ref="3"/><nd ref="4"/><tag k="highway" v="primary"/><tag k="maxspeed" v="45 mph"/>
  <tag k="oneway" v="-1"/></way>
<way id="12"><nd ref="3"/><nd ref="5"/><nd ref="4"/><tag k="highway" v="secondary"/><tag k="oneway" v="yes"/></way>
<way id="13"><nd ref="1"/><nd ref="4"/><tag k="highway" v="residential"/><tag k="access" v="private"/></way>
<way id="14"><nd ref="1"/><nd ref="4"/><tag k="highway" v="footway"/></way>
<way id="15"><nd ref="2"/><nd ref="99"/><tag k="highway" v="residential"/></way>
<way id="16"><nd ref="1"/><nd ref="4"/><tag k="highway" v="residential"/><tag k="access" v="no"/>
  <tag k="motor_vehicle" v="yes"/><tag k="junction" v="roundabout"/></way>
</osm>"""


def roads_of(path: Path, *overrides: str) -> Roads:
    return build_roads(file_settings(path, *overrides))[0]


def edges(roads: Roads) -> set[tuple[str, str]]:
    return {(str(roads.node_id[u]), str(roads.node_id[v])) for u, v in zip(roads.edge_u, roads.edge_v, strict=True)}


@pytest.mark.parametrize("packed", [False, True])
def test_osm_extract(packed: bool, tmp_path: Path) -> None:  # noqa: FBT001
    path = tmp_path / ("town.osm.gz" if packed else "town.osm")
    path.write_bytes(gzip.compress(OSM.encode()) if packed else OSM.encode())
    roads, said = build_roads(file_settings(path))
    # 4 to 3 backwards, 3 to 4 by way of 5, roundabout 1 to 4; node 2 is an end of the way cut at the border
    assert edges(roads) == {("1", "3"), ("3", "1"), ("4", "3"), ("3", "4"), ("1", "4")}
    kph = {
        (str(roads.node_id[u]), str(roads.node_id[v])): km / s * 3600
        for u, v, km, s in zip(roads.edge_u, roads.edge_v, roads.edge_length_km, roads.edge_time_s, strict=True)
    }
    assert kph["4", "3"] == pytest.approx(72.4)
    assert kph["3", "4"] == pytest.approx(64.4)
    assert any("1 ways closed to cars" in sentence for sentence in said)
    assert any("1 ways lead out of the extract" in sentence for sentence in said)


def write_csv_pair(folder: Path) -> Path:
    (folder / "nodes.csv").write_text("node,lon,lat\n" + "".join(f"{k},-115.1,{36.1 + k / 100}\n" for k in range(4)))
    rows = [f"{u},{v},1112,residential,\n" for u, v in ((0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2))]
    (folder / "edges.csv").write_text("u,v,length_m,highway,speed_kph\n" + "".join(rows))
    return folder / "edges.csv"


def write_gmns(folder: Path) -> Path:
    (folder / "node.csv").write_text(
        "node_id,x_coord,y_coord\n" + "".join(f"{k},-115.1,{36.1 + k / 100}\n" for k in range(4))
    )
    (folder / "link.csv").write_text(
        "from_node_id,to_node_id,dir_flag,length,free_speed,link_type_name,allowed_uses\n"
        "0,1,0,1112,25,residential,auto\n1,2,0,1112,25,residential,all\n3,2,-1,1112,25,residential,\n"
        "3,2,1,1112,59,connector,auto\n0,3,0,1,99,subway,\n0,3,0,1,99,residential,bike\n"
    )
    return folder / "link.csv"


def write_json(folder: Path) -> Path:
    nodes = [{"id": k, "x": -115.1, "y": 36.1 + k / 100} for k in range(4)]
    links = [
        {"source": u, "target": v, "length": 1112, "highway": ["residential", "primary"]}
        for u, v in ((0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2))
    ]
    path = folder / "roads.json"
    path.write_text(json.dumps({"graph": {"crs": "epsg:4326"}, "nodes": nodes, "links": links}))
    return path


def write_graphml(folder: Path) -> Path:
    nodes, streets = street(["0", "1", "2", "3"], -115.1, 36.1, highway="['residential', 'primary']", length=1112)
    path = folder / "roads.graphml"
    path.write_text(graphml(nodes, streets))
    return path


WRITERS: dict[str, Callable[[Path], Path]] = {
    "csv": write_csv_pair,
    "gmns": write_gmns,
    "json": write_json,
    "graphml": write_graphml,
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("by_folder", [False, True])
def test_the_same_town_in_every_format(writer: str, by_folder: bool, tmp_path: Path) -> None:  # noqa: FBT001
    path = WRITERS[writer](tmp_path)
    city = build_city(file_settings(tmp_path if by_folder else path), tmp_path / "cache")
    assert edges(city.roads) == {(str(u), str(v)) for u in range(4) for v in range(4) if abs(u - v) == 1}
    ends = [city.roads.node_id[city.places.node].tolist().index(name) for name in ("0", "3")]
    slow = 1112 / 24.1 * 3.6 if writer == "gmns" else 1112 / 40.2 * 3.6  # the connector's speed is not trusted
    assert float(city.time.at(ends[1], ends[0])) == pytest.approx(2 * 1112 / 40.2 * 3.6 + slow, abs=0.1)
    assert float(city.distance.at(*ends)) == pytest.approx(3.336, abs=0.001)


def test_a_changed_companion_file_is_another_city(tmp_path: Path) -> None:
    path = write_csv_pair(tmp_path)
    first = build_city(file_settings(path), tmp_path / "cache").key
    nodes = tmp_path / "nodes.csv"
    nodes.write_text(nodes.read_text().replace("36.1,", "36.1001,").replace("0,-115.1,36.1\n", "0,-115.1,36.0999\n"))
    assert build_city(file_settings(path), tmp_path / "cache").key != first


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("edges.csv", "u,v,length_m\n0,1,5\n0,77,5\n", "not in the file"),
        ("edges.csv", "u,v,length_m\n0,1,-5\n1,0,5\n", "negative length"),
        ("edges.csv", "from,to\n0,1\n", "lacks the columns u, v"),
        ("edges.csv", "", "is empty"),
        ("edges.csv", "<html><body>404</body></html>", "web page"),
        (
            "nodes.csv",
            "node,lon,lat\n0,-115.1,36.1\n1,-115.1,\n2,-115.1,36.12\n3,-115.1,36.13\n",
            "no usable coordinates",
        ),
        ("nodes.csv", "node,lon,lat\n0,-115.1,36.1\n0,-115.1,36.11\n", "more than once"),
        (
            "nodes.csv",
            "node,lon,lat\n0,36.1,-115.1\n1,36.11,-115.1\n2,36.12,-115.1\n3,36.13,-115.1\n",
            "look swapped",
        ),
    ],
)
def test_bad_csv_pairs(name: str, content: str, expected: str, tmp_path: Path) -> None:
    path = write_csv_pair(tmp_path)
    (tmp_path / name).write_text(content)
    with pytest.raises(UsageError, match=expected):
        roads_of(path)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("x.json", b"{", "is not JSON"),
        ("x.json", b"[1, 2]", "without the lists nodes and links"),
        ("x.json", b'{"nodes": [{"id": 1}], "links": []}', "needs id, x and y"),
        ("x.osm", b"<osm version='0.6'></osm>", "no road a car may use"),
        ("x.osm", OSM.encode()[:900], "not a readable OpenStreetMap extract"),
        ("x.osm.gz", gzip.compress(OSM.encode())[:-40], "cut or damaged"),
        ("x.osm.pbf", b"not a protocol buffer at all", "not a readable OpenStreetMap extract"),
        ("x.osm.pbf", b"", "is empty"),
        ("x.osm.pbf", b"<!doctype html><p>sorry</p>", "web page"),
        ("x_net.tntp", b"hello", "END OF METADATA"),
    ],
)
def test_bad_files_of_other_formats(name: str, content: bytes, expected: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UsageError, match=expected) as caught:
        roads_of(path)
    assert str(path) in str(caught.value)


def test_half_a_pair_is_said(tmp_path: Path) -> None:
    path = write_gmns(tmp_path)
    (tmp_path / "node.csv").unlink()
    with pytest.raises(UsageError, match=r"has no node\.csv"):
        roads_of(path)


def test_a_mall_in_the_part_that_was_dropped(tmp_path: Path) -> None:
    """A small second town is dropped; a mall there has no path to the homes."""
    town, streets = street([f"a{k}" for k in range(9)], -115.1, 36.1, highway="residential", length=1112)
    other, far = street(["b0", "b1", "b2"], -114.8, 36.1, highway="residential", length=1112)
    path, malls = tmp_path / "two.graphml", tmp_path / "malls.csv"
    path.write_text(graphml(town | other, streets + far))
    malls.write_text("mall,lat,lon\nFar,36.11,-114.8\n")
    with pytest.raises(UsageError, match="No path leads from the mall 'Far' to the homes"):
        build_city(file_settings(path, f"city.malls={malls}"), tmp_path / "cache")


@pytest.mark.parametrize(
    ("text", "kph"),
    [
        ("50", 50.0),
        ("35 mph", 56.3),
        ("35mph", 56.3),
        ("50;30", 50.0),
        ("['50', '30']", 40.0),
        ("['25 mph', '35 mph']", 48.3),
        ("walk", np.nan),
        ("signals", np.nan),
        (None, np.nan),
    ],
)
def test_speeds_as_tagged(text: str | None, kph: float) -> None:
    assert speed_kph(text) == pytest.approx(kph, nan_ok=True)


def test_first_of_lists() -> None:
    assert first_of("['primary', 'secondary']") == "primary"
    assert first_of("2;3") == "2"
    assert first_of(None) == ""


def test_utm_equals_published_coordinates() -> None:
    """The CN Tower stands at 43 deg 38' 33.24" N, 79 deg 23' 13.7" W, UTM 17 630084 E, 4833438 N (to a metre)."""
    lon, lat = utm_to_degrees(np.array([630_084.0]), np.array([4_833_438.0]), 17, south=False)
    assert lon[0] == pytest.approx(-(79 + 23 / 60 + 13.7 / 3600), abs=2e-5)
    assert lat[0] == pytest.approx(43 + 38 / 60 + 33.24 / 3600, abs=2e-5)
