"""Fields of GMNS as its specification and the tools that write it mean them."""

import json
from pathlib import Path

import numpy as np
import pytest

from galleria.models.city.readers.gmns import read_gmns
from galleria.models.errors import UsageError
from tests.cases.town import CORNERS, EAST_M, as_gmns, edges_of, links, remarks, settings_of, streets, table, way

AROUND_M = EAST_M + 2 * 444.780


def line(*points: tuple[float, float]) -> str:
    return "LINESTRING (" + ", ".join(f"{x} {y}" for x, y in points) + ")"


def test_a_street_drawn_once_for_both_directions(tmp_path: Path) -> None:
    """S08: dir_flag -1 says how the shape runs, not where traffic goes."""
    held = []
    for u, v, _ in streets(both=False):
        middle = tuple((a + b) / 2 + 0.0005 for a, b in zip(CORNERS[u], CORNERS[v], strict=True))
        shape = line(CORNERS[u], middle, CORNERS[v])  # type: ignore[arg-type]
        for tail, head, flag in ((u, v, 1), (v, u, -1)):
            held.append({"from_node_id": tail, "to_node_id": head, "directed": 1, "dir_flag": flag, "geometry": shape})
    path = as_gmns(tmp_path, held)
    assert edges_of(path) == 24
    assert way(path, "2", "1")[1] == pytest.approx(way(path, "1", "2")[1])
    settings = settings_of(path).read
    raw = read_gmns(path, settings)
    for k, shape_points in raw.shapes.items():
        assert shape_points[0] == pytest.approx((raw.x[raw.tail[k]], raw.y[raw.tail[k]]))
        assert shape_points[-1] == pytest.approx((raw.x[raw.head[k]], raw.y[raw.head[k]]))


def test_directed_links_without_shape_run_one_way(tmp_path: Path) -> None:
    """S09: dir_flag 0 says that there is no shape."""
    held = links(lambda _, __, m: {"length": m, "directed": 1, "dir_flag": 0})
    path = as_gmns(tmp_path, [link for link in held if (link["from_node_id"], link["to_node_id"]) != ("2", "1")])
    assert way(path, "2", "1")[1] == pytest.approx(AROUND_M, abs=0.1)


@pytest.mark.parametrize("word", ["0", "0.0", "false", "False", "FALSE", "f", "no", "N"])
def test_links_that_are_not_directed_run_both_ways(word: str, tmp_path: Path) -> None:
    """S11."""
    path = as_gmns(tmp_path, links(lambda _, __, m: {"length": m, "directed": word}, both=False))
    assert edges_of(path) == 24
    assert way(path, "2", "1")[1] == pytest.approx(EAST_M, abs=0.01)


@pytest.mark.parametrize("word", ["1", "1.0", "TRUE", "t", "yes", "", "nan"])
def test_directed_links_run_one_way(word: str, tmp_path: Path) -> None:
    path = as_gmns(tmp_path, links(lambda _, __, m: {"length": m, "directed": word}, both=False))
    assert np.isnan(way(path, "2", "1")[1])


def test_a_direction_that_is_neither_is_named(tmp_path: Path) -> None:
    path = as_gmns(tmp_path, links(lambda _, __, m: {"length": m, "directed": "maybe"}))
    with pytest.raises(UsageError, match=r"link\.csv, line 2: directed is 'maybe'"):
        edges_of(path)


def test_the_way_back_follows_the_shape(tmp_path: Path) -> None:
    shape = line(CORNERS["1"], (-115.197, 36.101), CORNERS["2"])
    held = links(lambda u, v, _: {"directed": 0, "geometry": shape if (u, v) == ("1", "2") else ""}, both=False)
    path = as_gmns(tmp_path, held)
    assert way(path, "1", "2")[1] == pytest.approx(434.523, abs=0.01)
    assert way(path, "2", "1")[1] == pytest.approx(434.523, abs=0.01)


@pytest.mark.parametrize(
    "uses", ["ALL", "AUTO, BIKE", "auto;bike;walk", "Car", "sov|hov2", "drive", "", "nan", "[auto]"]
)
def test_uses_that_open_a_link(uses: str, tmp_path: Path) -> None:
    """S10."""
    assert edges_of(as_gmns(tmp_path, links(lambda _, __, m: {"length": m, "allowed_uses": uses}))) == 24


@pytest.mark.parametrize("uses", ["WALK", "bike;walk", "Bus", "rail", "pedestrian"])
def test_uses_that_do_not(uses: str, tmp_path: Path) -> None:
    path = as_gmns(tmp_path, links(lambda _, __, m: {"length": m, "allowed_uses": uses}))
    with pytest.raises(UsageError, match=f"no link is open to cars by its allowed_uses .'{uses}'"):
        edges_of(path)


def test_closed_links_are_counted_with_their_use(tmp_path: Path) -> None:
    held = links(lambda u, _, m: {"length": m, "allowed_uses": "WALK" if u == "5" else "AUTO"})
    assert "4 links that no car uses were left out (allowed_uses WALK)" in remarks(as_gmns(tmp_path, held))


SHAPED = [list(CORNERS["1"]), [-115.197, 36.101], list(CORNERS["2"])]
WRITINGS = {
    "GeoJSON": json.dumps({"type": "LineString", "coordinates": SHAPED}),
    "GeoJSON in parts": json.dumps({"type": "MultiLineString", "coordinates": [SHAPED[:2], SHAPED[1:]]}),
    "GeoJSON feature": json.dumps({"type": "Feature", "geometry": {"type": "LineString", "coordinates": SHAPED}}),
    "list": json.dumps(SHAPED),
    "WKT": "LINESTRING (-115.2 36.1, -115.197 36.101, -115.196 36.1)",
    "WKT with heights": "LINESTRING Z (-115.2 36.1 600, -115.197 36.101 600, -115.196 36.1 600)",
    "WKT in small letters": "linestring(-115.2 36.1,-115.197 36.101,-115.196 36.1)",
    "WKT with an SRID": "SRID=4326;LINESTRING (-115.2 36.1, -115.197 36.101, -115.196 36.1)",
    "WKT in parts": "MULTILINESTRING ((-115.2 36.1, -115.197 36.101), (-115.197 36.101, -115.196 36.1))",
}


@pytest.mark.parametrize("writing", WRITINGS)
def test_shapes_in_every_writing(writing: str, tmp_path: Path) -> None:
    """S12: without a length the shape is measured."""
    path = as_gmns(tmp_path, links(lambda u, v, _: {"geometry": WRITINGS[writing] if (u, v) == ("1", "2") else ""}))
    assert way(path, "1", "2")[1] == pytest.approx(434.523, abs=0.01)


@pytest.mark.parametrize("shape", ["POINT (1 2)", "LINESTRING (a b, c d)", "{", '{"type": "Polygon"}', "0102000000"])
def test_other_shapes_are_refused_by_column(shape: str, tmp_path: Path) -> None:
    path = as_gmns(tmp_path, links(lambda _, __, m: {"length": m, "geometry": shape}))
    with pytest.raises(UsageError, match="geometry of edge 1 is no line"):
        edges_of(path)


@pytest.mark.parametrize("rewrite", [lambda n: f"{n}.0", lambda n: f"00{n}", lambda n: f" {n} "])
def test_ids_that_a_table_rewrote(rewrite: object, tmp_path: Path) -> None:
    """Ids are text: 7, 7.0 and 007 mean one node where only one is there."""
    held = links(lambda _, __, m: {"length": m})
    for link in held:
        link["to_node_id"] = rewrite(link["to_node_id"])  # type: ignore[operator]
    assert edges_of(as_gmns(tmp_path, held)) == 24


def test_ids_with_leading_zeros_stay_apart(tmp_path: Path) -> None:
    nodes = [{"node_id": n, "x_coord": -115.2 + 0.004 * k, "y_coord": 36.1} for k, n in enumerate(["7", "07", "007"])]
    held = [{"from_node_id": u, "to_node_id": v, "directed": 0} for u, v in (("7", "07"), ("07", "007"))]
    path = as_gmns(tmp_path, held, nodes=nodes)
    assert way(path, "7", "007")[1] == pytest.approx(2 * EAST_M, abs=0.1)
    table(tmp_path / "link.csv", [*held, {"from_node_id": "7.0", "to_node_id": "07", "directed": 0}])
    with pytest.raises(UsageError, match=r"'7\.0'"):
        edges_of(path)


def test_the_projection_that_config_states(tmp_path: Path) -> None:
    nodes = [{"node_id": n, "x_coord": x * 111_319.490793, "y_coord": 0} for n, (x, _) in CORNERS.items() if int(n) < 4]
    held = [{"from_node_id": u, "to_node_id": v, "directed": 0} for u, v in (("1", "2"), ("2", "3"))]
    path = as_gmns(tmp_path, held, {"crs": "3857"}, nodes)
    assert way(path, "1", "3")[1] == pytest.approx(0.008 * 111_195.0, abs=0.2)
