"""GraphML as OSMnx (0.x, 1.x, 2.x), NetworkX, igraph, NetLogo and their kin write it: every attribute a string."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from galleria.models.city.raw import RawRoads, row_index, rows_of
from galleria.models.city.readers.crs import unit_of
from galleria.models.city.readers.lines import shapes_of
from galleria.models.city.readers.text import first_of, number, read_bytes, speed_kph, unread_speeds
from galleria.models.city.settings import ReadSettings
from galleria.models.errors import UsageError

TRUE, FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})
AXES = {"x": ("x", "lon", "longitude", "lng", "long"), "y": ("y", "lat", "latitude")}

type Held = dict[str, str]


def read_graphml(path: Path, settings: ReadSettings) -> RawRoads:  # noqa: ARG001 (readers share one shape)
    """Read a GraphML road graph.

    Nodes need `x` and `y`; edges may have `length` (m), `speed_kph` or `maxspeed`, `travel_time` (s), `highway`,
    `lanes` and `geometry` (WKT). An edge that is not directed, by its own attribute or the graph's, runs both ways
    unless its `oneway` says otherwise.
    """
    graph, keys = _parse(path)
    about = _attributes(graph, keys["graph"])
    nodes = [(node.get("id", ""), _attributes(node, keys["node"])) for node in _named(graph, "node")]
    node_id = [name for name, _ in nodes]
    row = row_index(node_id, str(path))
    x_name, y_name = (_axis(axis, [held for _, held in nodes], path) for axis in ("x", "y"))
    x = np.array([number(held.get(x_name)) for _, held in nodes])
    y = np.array([number(held.get(y_name)) for _, held in nodes])
    unit, x, y, notes = unit_of(about.get("crs"), x, y, str(path))
    ends, edges, back = _edges(graph, keys["edge"])
    shapes = shapes_of((held.get("geometry") for held in edges), str(path))
    return RawRoads(
        source=str(path),
        unit=unit,
        node_id=node_id,
        x=x,
        y=y,
        tail=rows_of((tail for tail, _ in ends), row, str(path)),
        head=rows_of((head for _, head in ends), row, str(path)),
        length_m=np.array([number(held.get("length")) for held in edges]),
        speed_kph=np.array([_speed(held) for held in edges]),
        time_s=np.array([number(held.get("travel_time")) for held in edges]),
        lanes=np.array([number(first_of(held.get("lanes"))) for held in edges]),
        road_class=[first_of(held.get("highway")) or "unclassified" for held in edges],
        shapes={k: line[::-1] if back[k] else line for k, line in shapes.items()},
        notes=(*notes, *unread_speeds(held.get("maxspeed") for held in edges if "speed_kph" not in held)),
    )


def _edges(graph: ET.Element, names: tuple[Held, Held]) -> tuple[list[tuple[str, str]], list[Held], list[bool]]:
    """Return the ends and attributes of each direction of each edge, and whether it runs against the drawing."""
    ends: list[tuple[str, str]] = []
    edges: list[Held] = []
    back: list[bool] = []
    by_default = graph.get("edgedefault", "directed").lower()
    for edge in _named(graph, "edge"):
        held = _attributes(edge, names)
        directed = edge.get("directed", "").lower()
        one_way = directed not in FALSE if directed else by_default != "undirected"
        one_way = one_way or held.get("oneway", "").lower() in TRUE
        u, v = edge.get("source", ""), edge.get("target", "")
        for turned in (False,) if one_way else (False, True):
            ends.append((v, u) if turned else (u, v))
            edges.append(held)
            back.append(turned)
    return ends, edges, back


def _parse(path: Path) -> tuple[ET.Element, Mapping[str, tuple[Held, Held]]]:
    """Return the graph, and for graph, node and edge the names of its keys and the values where none is stated."""
    content = read_bytes(path, "GraphML")
    if re.search(rb"<!ENTITY", content[: 1 << 20], re.IGNORECASE):
        raise UsageError(f"{path} declares XML entities, which no GraphML file needs; it is not read.")
    try:
        # only files the user names are parsed, entities are refused and expat bounds their expansion itself
        root = ET.fromstring(content)  # noqa: S314
    except (ET.ParseError, LookupError, ValueError) as error:
        raise UsageError(f"{path} is not GraphML ({error}). Export the road graph as GraphML again.") from None
    graph = next(_named(root, "graph"), None)
    if _plain(root) != "graphml" or graph is None:
        what = "it holds no <graph>" if _plain(root) == "graphml" else f"its root is <{_plain(root)}> and not <graphml>"
        raise UsageError(f"{path} is XML, but {what}. Export it as GraphML.")
    keys: dict[str, tuple[Held, Held]] = {}
    for part in ("graph", "node", "edge"):
        mine = [key for key in _named(root, "key") if key.get("for", "all") in {part, "all"}]
        names = {key.get("id", ""): key.get("attr.name", "") for key in mine}
        usual = {names[key.get("id", "")]: value for key in mine if (value := _default(key)) is not None}
        keys[part] = names, usual
    return graph, keys


def _plain(element: ET.Element) -> str:
    """Return a tag without its namespace, of which there are an older, a newer and none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _named(element: ET.Element, tag: str) -> Iterator[ET.Element]:
    return (child for child in element.iter() if _plain(child) == tag)


def _default(key: ET.Element) -> str | None:
    return next((child.text for child in key if _plain(child) == "default"), None)


def _attributes(element: ET.Element, keys: tuple[Held, Held]) -> Held:
    """Read the data of an element; nodes and edges hold nothing but data, graphs nodes and edges too."""
    key_name, usual = keys
    return usual | {
        key_name[key]: data.text.strip()
        for data in element
        if data.text is not None and (key := data.get("key")) in key_name and _plain(data) == "data"
    }


def _axis(axis: str, nodes: list[Held], path: Path) -> str:
    """Find the name under which nodes hold a coordinate."""
    names = {name for held in nodes for name in held}
    for wanted in AXES[axis]:
        for name in sorted(names):
            if name.lower() == wanted:
                return name
    held = ", ".join(sorted(names)[:12]) or "none"
    raise UsageError(
        f"{path}: no node has the attributes x and y, so nothing can be placed (nodes have {held}). Export "
        "coordinates too."
    )


def _speed(held: Held) -> float:
    stated = number(held.get("speed_kph"))
    return stated if np.isfinite(stated) else speed_kph(held.get("maxspeed"))
