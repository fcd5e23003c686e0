"""NetworkX's JSON and GraphML of other programs: directions, namespaces, shapes, many classes, odd encodings."""

import codecs
import json
from pathlib import Path

import pytest

from galleria.models.city import build_city
from galleria.models.errors import UsageError
from tests.cases.town import CORNERS, EAST_M, as_csv, as_graphml, as_json, edges_of, settings_of, streets, way

AROUND_M = EAST_M + 2 * 444.780


def edges(*, both: bool = True, **held: object) -> list[dict[str, object]]:
    return [{"source": int(u), "target": int(v), "length": m, **held} for u, v, m in streets(both=both)]


def test_json_of_an_undirected_graph(tmp_path: Path) -> None:
    """S19."""
    path = as_json(tmp_path, edges(both=False), directed=False)
    assert edges_of(path) == 24
    assert way(path, "2", "1")[1] == pytest.approx(EAST_M, abs=0.01)
    one_way = [e | {"oneway": (e["source"], e["target"]) == (1, 2)} for e in edges(both=False)]
    assert way(as_json(tmp_path, one_way, directed=False), "2", "1")[1] == pytest.approx(AROUND_M, abs=0.1)


@pytest.mark.parametrize("graph", [[["crs", "epsg:4326"]], [], {"crs": "epsg:4326"}, "a name"])
def test_json_of_older_networkx(graph: object, tmp_path: Path) -> None:
    """S20: the graph's attributes as a list of pairs, edges by place in the list."""
    assert edges_of(as_json(tmp_path, edges(), graph)) == 24
    by_place = [e | {"source": int(str(e["source"])) - 1, "target": int(str(e["target"])) - 1} for e in edges()]
    path = as_json(tmp_path, by_place, graph)
    assert way(path, "1", "3")[1] == pytest.approx(2 * EAST_M, abs=0.1)


def test_json_shapes_are_measured(tmp_path: Path) -> None:
    """S21."""
    shape = [list(CORNERS["1"]), [-115.197, 36.101], list(CORNERS["2"])]
    text = "LINESTRING (" + ", ".join(f"{x} {y}" for x, y in shape) + ")"
    for geometry in (text, {"type": "LineString", "coordinates": shape}):
        held = [e | {"length": None} for e in edges(both=False)]
        held[0]["geometry"] = geometry
        path = as_json(tmp_path, held, directed=False)
        assert way(path, "1", "2")[1] == pytest.approx(434.523, abs=0.01)
        assert way(path, "2", "1")[1] == pytest.approx(434.523, abs=0.01)


@pytest.mark.parametrize(
    "content",
    [
        {"nodes": [1, 2], "links": []},
        {"nodes": [{"id": 1, "x": 0, "y": 0}], "links": [{"source": 1}]},
        {"nodes": [{"id": 1, "x": 0, "y": 0}], "links": [7]},
        {"nodes": {"1": {}}, "links": []},
    ],
)
def test_json_that_is_no_graph(content: object, tmp_path: Path) -> None:
    path = tmp_path / "town.json"
    path.write_text(json.dumps(content))
    with pytest.raises(UsageError, match=r"town\.json"):
        edges_of(path)


@pytest.mark.parametrize("namespace", ["", ' xmlns="http://graphml.graphdrawing.org/xmlns/graphml"'])
def test_graphml_of_other_namespaces(namespace: str, tmp_path: Path) -> None:
    """S22: the older namespace, and none."""
    path = as_graphml(tmp_path, lambda m: {"length": m, "highway": "residential"})
    path.write_text(path.read_text().replace(' xmlns="http://graphml.graphdrawing.org/xmlns"', namespace))
    assert edges_of(path) == 24
    prefixed = path.read_text().replace("<", "<g:").replace("<g:/", "</g:").replace("<g:?", "<?")
    path.write_text(prefixed.replace("<g:graphml", '<g:graphml xmlns:g="http://graphml.graphdrawing.org/xmlns"', 1))
    if not namespace:
        assert edges_of(path) == 24


def test_graphml_edges_that_state_their_direction(tmp_path: Path) -> None:
    """S23: mixed graphs, either way round."""
    path = as_graphml(tmp_path, lambda m: {"length": m})
    text = path.read_text()
    mixed = text.replace('<edge source="1" target="2">', '<edge source="1" target="2" directed="false">')
    mixed = mixed.replace('<edge source="2" target="1">', '<edge source="2" target="5">')
    path.write_text(mixed)
    assert way(path, "2", "1")[1] == pytest.approx(EAST_M, abs=0.01)
    other = text.replace('edgedefault="directed"', 'edgedefault="undirected"')
    path.write_text(other.replace('<edge source="2" target="1">', '<edge source="2" target="1" directed="true">'))
    assert edges_of(path) == 47


def test_graphml_defaults_and_other_names_of_coordinates(tmp_path: Path) -> None:
    path = as_graphml(tmp_path, lambda m: {"length": m, "highway": "primary"})
    text = (
        path.read_text().replace('attr.name="x"', 'attr.name="Longitude"').replace('attr.name="y"', 'attr.name="lat"')
    )
    text = text.replace('<data key="e0">primary</data>', "")
    path.write_text(
        text.replace(
            'attr.name="highway" attr.type="string"/>',
            'attr.name="highway" attr.type="string"><default>primary</default></key>',
        )
    )
    roads = build_city(settings_of(path), tmp_path / "cache").roads
    assert roads.class_names == ("primary",)
    path.write_text(text.replace("Longitude", "left"))
    with pytest.raises(UsageError, match=r"nodes have lat, left"):
        edges_of(path)


@pytest.mark.parametrize("classes", [140, 300])
def test_more_classes_than_a_byte_counts(classes: int, tmp_path: Path) -> None:
    """S26: homes lie along the one residential street."""
    names = [f"n{k}" for k in range(classes)]
    rows = ["u,v,highway"]
    for k in range(classes - 1):
        kind = "residential" if k < 11 else f"k{k:03}"
        rows += [f"n{k},n{k + 1},{kind}", f"n{k + 1},n{k},{kind}"]
    (tmp_path / "nodes.csv").write_text(
        "node,lon,lat\n" + "".join(f"{n},{-115 + 0.001 * k},36\n" for k, n in enumerate(names))
    )
    (tmp_path / "edges.csv").write_text("\n".join(rows) + "\n")
    city = build_city(settings_of(tmp_path / "edges.csv"), tmp_path / "cache")
    assert any(said.startswith("12 road nodes stand for the homes") for said in city.report)
    assert "k011, k012" in " ".join(city.report)
    assert "more are not in the table" in " ".join(city.report)


TABLES = {
    "semicolons and decimal commas": (";", "utf-8", True),
    "tabs": ("\t", "utf-8", False),
    "bars": ("|", "utf-8", False),
    "byte order mark": (",", "utf-8-sig", False),
    "UTF-16": (";", "utf-16", True),
    "western Windows": (",", "cp1252", False),
}


@pytest.mark.parametrize("how", TABLES)
def test_tables_as_spreadsheets_save_them(how: str, tmp_path: Path) -> None:
    """S33 for roads."""
    delimiter, encoding, comma = TABLES[how]
    as_csv(tmp_path, lambda m: {"length_m": m, "name": "Señora" if encoding != "utf-16" else "x"}, delimiter=delimiter)
    for file in (tmp_path / "nodes.csv", tmp_path / "edges.csv"):
        text = file.read_text(encoding="utf-8")
        file.write_bytes((text.replace(".", ",") if comma else text).encode(encoding))
    assert way(tmp_path / "edges.csv", "1", "3")[1] == pytest.approx(2 * EAST_M, abs=0.1)


def test_tables_with_thousands_quotes_and_capitals(tmp_path: Path) -> None:
    as_csv(tmp_path, lambda _: {"length_m": "1.234,5", "highway": '"residential"'}, delimiter=";")
    path = tmp_path / "edges.csv"
    path.write_text(path.read_text().replace("u;v;", "U;V;"))
    assert way(path, "1", "2")[1] == pytest.approx(1234.5)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"u,v\n1,2,3\n", "not a readable CSV"),
        (codecs.BOM_UTF16_LE + b"u", "no readable utf-16"),
        (b"u,v\n\0\0\0", "no text"),
        (b"u" + b",u" * 2_500 + b"\n", "more than 2,000 columns"),
    ],
)
def test_tables_that_are_none(content: bytes, expected: str, tmp_path: Path) -> None:
    as_csv(tmp_path, lambda m: {"length_m": m})
    (tmp_path / "edges.csv").write_bytes(content)
    with pytest.raises(UsageError, match=expected):
        edges_of(tmp_path / "edges.csv")
