"""Rules of TNTP files: zones no path leads through, comments, numbering, values that are none."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from galleria.models.city import build_city
from galleria.models.city.readers.tntp_files import beside, read_flows
from galleria.models.errors import UsageError
from galleria.models.traffic.tntp_networks import assign_tntp
from tests.cases.town import TNTP_LINKS, as_tntp, remarks, settings_of, way

OBJECTIVE = 123.6
"""Six trips on two ways of two links each: 4 links of 3 vehicles, 10 (3 + 0.15 / 5 x 3) each."""


def objective(path: Path) -> float:
    return assign_tntp(path, None, gap=1e-8, iterations=50, weights={})[1].objective


def test_the_plain_file(tmp_path: Path) -> None:
    assert objective(as_tntp(tmp_path)) == pytest.approx(OBJECTIVE)


ROAD = (*((u, v) for a, b in ((1, 3), (1, 4), (2, 4)) for u, v in ((a, b), (b, a))), (3, 4), (4, 3))


def slow_road(text: str) -> str:
    """Make links between the nodes from 3 on of five miles and ten minutes, the others of next to nothing."""
    rows = []
    for line in text.splitlines():
        row, ends = line, line.split()[:2]
        if ends and ends[0].isdigit():
            far = min(map(int, ends)) > 2
            row = "\t".join([*ends, "3", *(("5", "10") if far else ("0.01", "0.01")), "0.15", "4", "0", "0", "1", ";"])
        rows.append(row)
    return "\n".join(rows)


def test_no_path_leads_through_a_zone(tmp_path: Path) -> None:
    """S13: in routing, in the tables of a city and on the map as in assignment."""
    path = as_tntp(tmp_path, slow_road, first=3, pairs=ROAD)
    (tmp_path / "Town_node.tntp").write_text(
        "node X Y ;\n1 -115.2 36.1 ;\n2 -115.19 36.1;\n3 -115.2 36.11\n4 -115.19 36.11"
    )
    assert way(path, "3", "4") == pytest.approx((600, 5 * 1609.344), abs=0.01)
    assert way(path, "1", "2")[0] == pytest.approx(1.2)  # out by one connector, in by another
    assert "No path leads through the 2 zones" in remarks(path)
    city = build_city(settings_of(path), tmp_path / "cache")
    row = {str(city.roads.node_id[node]): k for k, node in enumerate(city.places.node)}
    seconds = {(u, v): float(city.time.at(row[u], row[v])) for u in row for v in row}
    assert seconds["3", "4"] == pytest.approx(600, abs=0.05)
    assert seconds["1", "1"] == 0
    assert float(city.distance.at(row["3"], row["4"])) == pytest.approx(8.047, abs=1e-3)
    as_tntp(tmp_path, slow_road, first=1, pairs=ROAD)
    assert way(path, "3", "4")[0] == pytest.approx(1.2)


NODES = {
    "spaces": "node X Y ;\n1 0 0 ;\n2 1 0 ;\n3 0 1 ;\n4 1 1 ;\n",
    "commas": "Node,X,Y\n1,0,0\n2,1,0\n3,0,1\n4,1,1\n",
    "tabs without names": "1\t0\t0\t;\n2\t1\t0\t;\n3\t0\t1\t;\n4\t1\t1\t;\n",
    "comments": "~ nodes\nnode X Y ;\n~ old: 1 9 9\n1 0 0 ;\n2 1 0 ;\n3 0 1 ;\n4 1 1 ;\n",
    "mark and CRLF": "\ufeffnode X Y ;\r\n1 0 0 ;\r\n2 1 0 ;\r\n3 0 1 ;\r\n4 1.0 1.0 ;\r\n",
}


@pytest.mark.parametrize("how", NODES)
def test_node_files(how: str, tmp_path: Path) -> None:
    """S18."""
    path = as_tntp(tmp_path, pairs=(*TNTP_LINKS, (3, 1), (2, 3)))
    (tmp_path / "town_NODE.tntp").write_text(NODES[how], encoding="utf-8")
    city = build_city(settings_of(path), tmp_path / "cache")
    assert city.area_km2 == pytest.approx(111.195**2, rel=1e-3)


CHANGES: dict[str, Callable[[str], str]] = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "byte order mark": lambda text: "\ufeff" + text,
    "small letters in the header": lambda text: text.replace("NUMBER OF", "number of").replace("METADATA", "metadata"),
    "comments between links": lambda text: text.replace("\t3\t2\t", "  ~ 9 9 9 9\n\t3\t2\t"),
    "comments behind links": lambda text: text.replace(";\n", "; ~ checked\n"),
    "comments in the header": lambda text: "~ <NUMBER OF ZONES> 7\n" + text,
    "a header quoted": lambda text: "<ORIGINAL HEADER>~ Init node Term node ;\n" + text,
    "spaces": lambda text: text.replace("\t", "   "),
    "no link type": lambda text: text.replace("\t1\t;", "\t;"),
    "no semicolons": lambda text: text.replace("\t;", ""),
    "counts as decimals": lambda text: text.replace("NODES> 4", "NODES> 4.0"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_networks_as_people_edit_them(change: str, tmp_path: Path) -> None:
    """S14, S17."""
    assert objective(as_tntp(tmp_path, CHANGES[change])) == pytest.approx(OBJECTIVE)


TRIPS = {
    "comments": "Origin 1\n2 : 6.0;\n~ 2 : 888.0;  before the revision\n",
    "comments behind": "Origin 1\n2 : 6.0; ~ 2 : 888.0;\n",
    "one line": "ORIGIN 1  1: 0; 2 :6;",
    "tabs and exponents": "Origin\t1\n\t2\t:\t6.0E0;\n",
    "CRLF": "Origin 1\r\n2 : 6.0;\r\n",
    "said twice alike": "Origin 1\n2 : 6.0;\n2 : 6.0;\n",
}


@pytest.mark.parametrize("how", TRIPS)
def test_trips_as_people_write_them(how: str, tmp_path: Path) -> None:
    assert objective(as_tntp(tmp_path, trips=TRIPS[how])) == pytest.approx(OBJECTIVE)


BAD_TRIPS = {
    "zone 0": ("Origin 1\n2 : 6.0; 0 : 5.0;\n", "line 6: zone 0 .* from 1 to 2"),
    "origin 0": ("Origin 0\n2 : 6.0;\n", "line 5: zone 0"),
    "beyond the last": ("Origin 1\n3 : 6.0;\n", "zone 3 is none of this network"),
    "no number": ("Origin 1\n2 : six;\n", "line 6: '2 : six'"),
    "nan": ("Origin 1\n2 : nan;\n", "line 6"),
    "negative": ("Origin 1\n2 : -6;\n", "-6 trips"),
    "twice": ("Origin 1\n2 : 6; 2 : 7;\n", "7 trips from zone 1 to 2, after 6"),
    "no origin": ("2 : 6;\n", "before any origin"),
    "empty": ("", "names no origin"),
    "decimal comma": ("Origin 1\n2 : 6,5;\n", "line 6: '2 : 6,5'"),
}


@pytest.mark.parametrize("case", BAD_TRIPS)
def test_trips_that_are_none(case: str, tmp_path: Path) -> None:
    """S15."""
    text, expected = BAD_TRIPS[case]
    with pytest.raises(UsageError, match=expected):
        objective(as_tntp(tmp_path, trips=text))


BAD_NETS: dict[str, tuple[Callable[[str], str], str]] = {
    "capacity nan": (
        lambda text: text.replace("\t3\t2\t3\t", "\t3\t2\tnan\t"),
        "capacity of the link from 3 to 2 is nan",
    ),
    "capacity zero": (lambda text: text.replace("\t3\t2\t3\t", "\t3\t2\t0\t"), "capacity of the link from 3 to 2 is 0"),
    "a word": (lambda text: text.replace("\t3\t2\t3\t", "\t3\t2\tx\t"), "capacity of the link from 3 to 2"),
    "negative time": (lambda text: text.replace("\t10\t", "\t-10\t"), "free_flow_time of the link from 1 to 3 is -10"),
    "eight columns": (lambda text: text.replace("\t0\t1\t;", "\t;"), "8 of ten columns"),
    "header no number": (lambda text: text.replace("NODE> 1", "NODE> n/a"), r"line 3: <FIRST THRU NODE> .* 'n/a'"),
    "header without": (lambda text: text.replace("<NUMBER OF NODES> 4\n", ""), "no <NUMBER OF NODES>"),
    "one row less": (lambda text: text[: text.rindex("\t4\t2")], "states 4 links but holds 3"),
    "node 0": (lambda text: text.replace("\t1\t3\t", "\t0\t3\t"), "beyond its 4"),
    "node 1.5": (lambda text: text.replace("\t1\t3\t", "\t1.5\t3\t"), "init_node of the link from 1.5"),
}


@pytest.mark.parametrize("case", BAD_NETS)
def test_networks_that_are_none(case: str, tmp_path: Path) -> None:
    """S16, S18."""
    change, expected = BAD_NETS[case]
    with pytest.raises(UsageError, match=expected) as caught:
        objective(as_tntp(tmp_path, change))
    assert "Town_net.tntp" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("node X Y\n1 0 0\n2 one 0\n", "line 3"), ("node X Y\n1;0\n", "line 2"), ("node\n", "no line")],
)
def test_node_files_that_are_none(text: str, expected: str, tmp_path: Path) -> None:
    path = as_tntp(tmp_path)
    (tmp_path / "Town_node.tntp").write_text(text)
    with pytest.raises(UsageError, match=rf"Town_node\.tntp.*{expected}"):
        way(path, "1", "2")


def test_flow_files(tmp_path: Path) -> None:
    path = as_tntp(tmp_path)
    (tmp_path / "Town_flow.tntp").write_text("~ best known\r\nFrom \tTo \tVolume \tCost\r\n1 \t3 \t3.0 \t11.5 \r\n")
    flows = beside(path, "flow")
    assert flows is not None
    tail, head, volume = read_flows(flows)
    assert (tail.tolist(), head.tolist(), volume.tolist()) == ([0], [2], [3.0])
    assert tail.dtype == np.int32
