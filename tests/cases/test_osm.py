"""OpenStreetMap as editors and queries export it: ids below zero, ways before nodes, tags by direction."""

from pathlib import Path

import numpy as np
import pytest

from tests.cases.town import CORNERS, EAST_M, edges_of, remarks, streets, way

pytest.importorskip("osmium")


def osm(
    path: Path,
    tags: dict[tuple[str, str], dict[str, str]] | None = None,
    *,
    sign: int = 1,
    order: str = "nw",
    head: str = "",
) -> Path:
    """Write the town as OSM XML: nodes (n) and ways (w) in an order, ids times a sign."""
    nodes = [
        f'<node id="{sign * int(name)}" version="1" lat="{lat}" lon="{lon}"/>' for name, (lon, lat) in CORNERS.items()
    ]
    ways = []
    for k, (u, v, _) in enumerate(streets(both=False), start=1):
        held = {"highway": "residential"} | (tags or {}).get((u, v), {})
        kv = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in held.items())
        ways.append(
            f'<way id="{sign * k}" version="1"><nd ref="{sign * int(u)}"/><nd ref="{sign * int(v)}"/>{kv}</way>'
        )
    half = len(nodes) // 2
    parts = {"n": nodes, "w": ways, "1": nodes[:half], "2": nodes[half:]}
    body = "\n".join("\n".join(parts[part]) for part in order)
    path.write_text(f"<?xml version='1.0' encoding='UTF-8'?>\n<osm version=\"0.6\"{head}>\n{body}\n</osm>\n")
    return path


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("order", ["nw", "wn", "1w2"])
def test_ids_below_zero_and_ways_before_nodes(sign: int, order: str, tmp_path: Path) -> None:
    """S27, S28."""
    path = osm(tmp_path / "town.osm", sign=sign, order=order, head=' generator="JOSM"')
    assert edges_of(path) == 24
    assert way(path, str(sign), str(sign * 3))[1] == pytest.approx(2 * EAST_M, abs=0.1)


def test_speeds_of_each_direction(tmp_path: Path) -> None:
    """S29."""
    tags = {
        ("1", "2"): {"maxspeed:forward": "30", "maxspeed:backward": "60"},
        ("2", "3"): {"maxspeed": "50", "maxspeed:backward": "20 mph"},
        ("4", "5"): {"maxspeed": "50", "maxspeed:forward": "signals"},
    }
    path = osm(tmp_path / "town.osm", tags)
    kph = {pair: EAST_M / way(path, *pair)[0] * 3.6 for pair in (*tags, *((v, u) for u, v in tags))}
    assert kph == pytest.approx(
        {("1", "2"): 30, ("2", "1"): 60, ("2", "3"): 50, ("3", "2"): 32.2, ("4", "5"): 50, ("5", "4"): 50}, rel=1e-3
    )


WAYS = {
    "plain": ({}, (True, True)),
    "yes": ({"oneway": "yes"}, (True, False)),
    "1": ({"oneway": "1"}, (True, False)),
    "true": ({"oneway": "true"}, (True, False)),
    "-1": ({"oneway": "-1"}, (False, True)),
    "reverse": ({"oneway": "reverse"}, (False, True)),
    "no": ({"oneway": "no"}, (True, True)),
    "roundabout": ({"junction": "roundabout"}, (True, False)),
    "roundabout two-way": ({"junction": "roundabout", "oneway": "no"}, (True, True)),
    "motorway": ({"highway": "motorway"}, (True, False)),
    "motorway two-way": ({"highway": "motorway", "oneway": "no"}, (True, True)),
    "reversible": ({"oneway": "reversible"}, (True, True)),
    "alternating": ({"oneway": "alternating"}, (True, True)),
    "but for cars": ({"oneway": "yes", "oneway:motor_vehicle": "no"}, (True, True)),
    "for cars alone": ({"oneway:motorcar": "yes"}, (True, False)),
    "closed backward": ({"motor_vehicle:backward": "no"}, (True, False)),
    "closed forward": ({"vehicle:forward": "no"}, (False, True)),
    "private": ({"access": "private"}, (False, False)),
    "private but for cars": ({"access": "private", "motorcar": "yes"}, (True, True)),
}


@pytest.mark.parametrize("case", WAYS)
def test_directions(case: str, tmp_path: Path) -> None:
    tags, runs = WAYS[case]
    path = osm(tmp_path / "town.osm", {("1", "2"): tags})
    direct = [bool(np.isclose(way(path, *pair)[1], EAST_M, atol=0.1)) for pair in (("1", "2"), ("2", "1"))]
    assert tuple(direct) == runs
    assert ("one direction at a time" in remarks(path)) is (case in {"reversible", "alternating"})


def test_what_an_editor_deleted_is_gone(tmp_path: Path) -> None:
    path = osm(tmp_path / "town.osm", sign=-1, head=' generator="JOSM"')
    path.write_text(path.read_text().replace('<way id="-1" version="1">', '<way id="-1" action="delete" version="1">'))
    assert edges_of(path) == 22


def test_a_border_cuts_ways_as_before(tmp_path: Path) -> None:
    """Nodes that are nowhere in the file stay outside."""
    path = osm(tmp_path / "town.osm")
    far = "".join(
        f'<way id="{k}" version="1"><nd ref="9"/><nd ref="{k}"/><tag k="highway" v="primary"/></way>' for k in (98, 99)
    )
    path.write_text(path.read_text().replace("</osm>", f"{far}</osm>"))
    assert edges_of(path) == 24
    assert "2 ways lead out of the extract" in remarks(path)
