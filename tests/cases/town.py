"""A town of nine corners for the cases, 0.004 degrees apart, every length countable by hand, in any format."""

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from galleria.models.city.build import build_roads
from galleria.models.city.route import route
from galleria.models.city.settings import FileSettings
from tests.city_worlds import city_settings, graphml

SIDE = 3
EAST_M, NORTH_M = 359.378, 444.780
"""One block east and one north at latitude 36.1 (great circle)."""
CORNERS = {str(k + 1): (-115.2 + 0.004 * (k % SIDE), 36.1 + 0.004 * (k // SIDE)) for k in range(SIDE * SIDE)}

type Row = dict[str, Any]


def streets(*, both: bool = True) -> list[tuple[str, str, float]]:
    """List the edges of the town: from, to, metres; each street once when not both."""
    names = list(CORNERS)
    found = []
    for k, name in enumerate(names):
        if k % SIDE < SIDE - 1:
            found.append((name, names[k + 1], EAST_M))
        if k // SIDE < SIDE - 1:
            found.append((name, names[k + SIDE], NORTH_M))
    return found + [(v, u, m) for u, v, m in found] if both else found


def table(path: Path, rows: Sequence[Mapping[str, Any]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """Write rows as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def as_graphml(
    folder: Path,
    held: Callable[[float], Row],
    crs: str = "epsg:4326",
    at: Callable[[float, float], tuple[float, float]] = lambda lon, lat: (lon, lat),
) -> Path:
    """Write the town as GraphML; `held` gives an edge's attributes by its length."""
    path = folder / "town.graphml"
    nodes = {name: at(*corner) for name, corner in CORNERS.items()}
    path.write_text(graphml(nodes, [(u, v, held(m)) for u, v, m in streets()], crs))
    return path


def as_csv(folder: Path, held: Callable[[float], Row], **how: Any) -> Path:
    """Write the town as nodes.csv and edges.csv."""
    table(folder / "nodes.csv", [{"node": n, "lon": x, "lat": y} for n, (x, y) in CORNERS.items()], **how)
    return table(folder / "edges.csv", [{"u": u, "v": v, **held(m)} for u, v, m in streets()], **how)


def as_gmns(folder: Path, links: Iterable[Row], config: Row | None = None, nodes: Sequence[Row] | None = None) -> Path:
    """Write the town as GMNS."""
    usual = [{"node_id": n, "x_coord": x, "y_coord": y} for n, (x, y) in CORNERS.items()]
    table(folder / "node.csv", nodes or usual)
    if config is not None:
        table(folder / "config.csv", [config])
    return table(folder / "link.csv", list(links))


def links(held: Callable[[str, str, float], Row], *, both: bool = True) -> list[Row]:
    """List the links of the town in GMNS."""
    return [
        {"link_id": k, "from_node_id": u, "to_node_id": v, "facility_type": "residential", **held(u, v, m)}
        for k, (u, v, m) in enumerate(streets(both=both))
    ]


def as_json(folder: Path, edges: Iterable[Row], graph: Any = None, **about: Any) -> Path:
    """Write the town as node-link JSON."""
    nodes = [{"id": int(n), "x": x, "y": y} for n, (x, y) in CORNERS.items()]
    held = {"directed": True, "graph": graph or {"crs": "epsg:4326"}, "nodes": nodes, "links": list(edges)} | about
    path = folder / "town.json"
    path.write_text(json.dumps(held))
    return path


@lru_cache
def _usual(*overrides: str) -> FileSettings:
    found = city_settings("file", "city.path=nowhere", *overrides)
    assert isinstance(found, FileSettings)
    return found


def settings_of(path: Path, *overrides: str) -> FileSettings:
    """Return the settings of a city read from a file, composed once for all files."""
    return _usual(*overrides).model_copy(update={"path": str(path)})


def way(path: Path, *pair: str) -> tuple[float, float]:
    """Return seconds and metres between two nodes of a file (nan where no path leads)."""
    found = route(settings_of(path), [(pair[0], pair[1])])[0]
    return tuple(math.nan if found[name] is None else float(found[name]) for name in ("seconds", "metres"))  # type: ignore[return-value,arg-type]


def remarks(path: Path, *overrides: str) -> str:
    """Return what was mended or left out."""
    return " ".join(build_roads(settings_of(path, *overrides))[1])


def edges_of(path: Path, *overrides: str) -> int:
    """Count the edges that can be used."""
    return build_roads(settings_of(path, *overrides))[0].edges


TNTP_HEAD = (
    "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 4\n<FIRST THRU NODE> {first}\n<NUMBER OF LINKS> {links}\n"
    "<END OF METADATA>\n\n"
)
TNTP_LINKS = ((1, 3), (3, 2), (1, 4), (4, 2))


def as_tntp(
    folder: Path,
    net: Callable[[str], str] = lambda text: text,
    trips: str = "Origin 1\n    1 : 0.0;    2 : 6.0;\n",
    first: object = 1,
    pairs: Sequence[tuple[int, int]] = TNTP_LINKS,
) -> Path:
    """Write a network of two equal ways from zone 1 to 2 (capacity 3, 10 minutes each link) and its trips."""
    rows = "".join(f"\t{u}\t{v}\t3\t1\t10\t0.15\t4\t0\t0\t1\t;\n" for u, v in pairs)
    head = "~ \tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll\tlink_type\t;\n"
    path = folder / "Town_net.tntp"
    path.write_bytes(net(TNTP_HEAD.format(first=first, links=len(pairs)) + head + rows).encode())
    top = "<NUMBER OF ZONES> 2\n<TOTAL OD FLOW> 6.0\n<END OF METADATA>\n\n"
    (folder / "Town_trips.tntp").write_text(top + trips)
    return path
