"""Files people hand over by mistake: each gets one paragraph that names the file and the mend."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from galleria.models.city import build_city
from galleria.models.errors import UsageError
from tests.city_worlds import file_settings, graphml, street

TOWN, STREETS = street(["a", "b", "c", "d"], -115.1, 36.1, highway="residential", length=1112)


def good() -> str:
    return graphml(TOWN, STREETS)


def two_towns() -> str:
    far, far_streets = street(["p", "q", "r", "s"], -114.1, 36.1, highway="residential", length=1112)
    return graphml(TOWN | far, STREETS + far_streets)


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "gzip cut short": (lambda: gzip.compress(good().encode())[:-60], "cut or damaged"),
    "empty": (lambda: b"", "is empty"),
    "blank": (lambda: b"  \n", "is empty"),
    "web page": (lambda: b"<!DOCTYPE html><html><body>Not found</body></html>", "web page"),
    "no XML": (lambda: b"u,v\n1,2\n", "is not GraphML"),
    "XML cut short": (lambda: good().encode()[:-40], "is not GraphML"),
    "other XML": (lambda: b"<osm version='0.6'></osm>", "root is <osm>"),
    "no nodes": (lambda: graphml({}, []).encode(), "holds no nodes"),
    "no edges": (lambda: graphml(TOWN, []).encode(), "no edges"),
    "two faults at once": (
        lambda: graphml(TOWN | {"e": ("", 36.0)}, [*STREETS, ("a", "c", {"length": -5})]).encode(),
        r"2 faults: \(1\).*coordinates.*\(2\).*negative length",
    ),
    "edge names an absent node": (lambda: graphml(TOWN, [*STREETS, ("a", "zz", {})]).encode(), "not in the file"),
    "negative length": (lambda: graphml(TOWN, [*STREETS, ("a", "c", {"length": -5})]).encode(), "negative length"),
    "nan coordinates": (lambda: graphml(TOWN | {"e": (float("nan"), 36.0)}, STREETS).encode(), "no usable coordinates"),
    "two towns": (lambda: two_towns().encode(), "two towns"),
    "swapped beyond 90": (
        lambda: graphml({name: (lat, lon) for name, (lon, lat) in TOWN.items()}, STREETS).encode(),
        "latitude and longitude look swapped",
    ),
    "metres called degrees": (
        lambda: graphml({name: (5e5 + k, 4e6) for k, name in enumerate(TOWN)}, STREETS).encode(),
        "no degrees",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_graph_is_one_clear_paragraph(case: str, tmp_path: Path) -> None:
    content, expected = BAD[case]
    path = tmp_path / "graph.graphml"
    path.write_bytes(content())
    with pytest.raises(UsageError, match=expected) as caught:
        build_city(file_settings(path), tmp_path / "cache")
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not list((tmp_path / "cache").rglob("*.npy"))


def test_swapped_within_90_is_seen_by_the_lengths(tmp_path: Path) -> None:
    porto = {name: (41.1, -8.6 + 0.01 * k) for k, name in enumerate("abcd")}
    path = tmp_path / "porto.graphml"
    along = [(u, v, {"length": 838, "highway": "residential"}) for u, v in ("ab", "ba", "bc", "cb", "cd", "dc")]
    path.write_text(graphml(porto, along))
    with pytest.raises(UsageError, match="look swapped"):
        build_city(file_settings(path), tmp_path / "cache")


def test_the_good_file_is_good(tmp_path: Path) -> None:
    path = tmp_path / "good.graphml.gz"
    path.write_bytes(gzip.compress(good().encode()))
    city = build_city(file_settings(path), tmp_path / "cache")
    assert city.roads.nodes == 4
    # three blocks of 1,112 m at 40.2 km/h
    assert city.time.values.max() * city.time.resolution == pytest.approx(3 * 1112 / 40.2 * 3.6, abs=0.1)


@pytest.mark.parametrize(
    ("malls", "expected"),
    [
        ("mall,lat,lon\nOuter,36.1,-114.0\n", "No path leads from the mall 'Outer'"),
        ("mall,lat,lon\nSwapped,-115.1,36.1\n", "line 2"),
        ("name,y,x\nA,1,2\n", "needs the columns mall, lat, lon"),
        ("mall,lat,lon\n", "needs the columns"),
        ("mall,lat,lon\nA,north,2\n", "line 2"),
    ],
)
def test_bad_malls(malls: str, expected: str, tmp_path: Path) -> None:
    path, csv = tmp_path / "good.graphml", tmp_path / "malls.csv"
    path.write_text(good())
    csv.write_text(malls)
    with pytest.raises(UsageError, match=expected):
        build_city(file_settings(path, f"city.malls={csv}"), tmp_path / "cache")


def test_missing_files(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no file"):
        build_city(file_settings(tmp_path / "none.graphml"), tmp_path / "cache")
    path = tmp_path / "good.graphml"
    path.write_text(good())
    with pytest.raises(UsageError, match="no file"):
        build_city(file_settings(path, f"city.malls={tmp_path / 'none.csv'}"), tmp_path / "cache")


def test_unknown_ending_lists_the_formats(tmp_path: Path) -> None:
    path = tmp_path / "roads.shp"
    path.write_text("x")
    with pytest.raises(UsageError, match=r"Known formats: graphml"):
        build_city(file_settings(path), tmp_path / "cache")
