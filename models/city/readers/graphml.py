"""GraphML as OSMnx writes it (0.x, 1.x and 2.x): every attribute a string, lists in strings, speeds often missing."""

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np

from galleria.models.city.raw import RawRoads, row_index, rows_of
from galleria.models.city.readers.crs import unit_of
from galleria.models.city.readers.text import first_of, number, read_bytes, speed_kph
from galleria.models.city.readers.wkt import points_of
from galleria.models.city.settings import ReadSettings
from galleria.models.errors import UsageError

NAMESPACE = "{http://graphml.graphdrawing.org/xmlns}"
DATA = f"{NAMESPACE}data"


def read_graphml(path: Path, settings: ReadSettings) -> RawRoads:  # noqa: ARG001 (readers share one shape)
    """Read a GraphML road graph.

    Nodes need `x` and `y`; edges may have `length` (m), `speed_kph` or `maxspeed`, `travel_time` (s), `highway`,
    `lanes` and `geometry` (WKT).
    """
    graph, key_name = _parse(path)
    about = _attributes(graph, key_name)
    nodes = [(node.get("id", ""), _attributes(node, key_name)) for node in graph.iter(f"{NAMESPACE}node")]
    node_id = [name for name, _ in nodes]
    row = row_index(node_id, str(path))
    if not any("x" in held for _, held in nodes):
        raise UsageError(
            f"{path}: no node has the attributes x and y, so nothing can be placed. Export coordinates too."
        )
    x = np.array([number(held.get("x")) for _, held in nodes])
    y = np.array([number(held.get("y")) for _, held in nodes])
    unit, x, y, notes = unit_of(about.get("crs"), x, y, str(path))
    ends: list[tuple[str, str]] = []
    edges: list[dict[str, str]] = []
    one_way_only = graph.get("edgedefault", "directed") == "directed"
    for edge in graph.iter(f"{NAMESPACE}edge"):
        held = _attributes(edge, key_name)
        ends.append((edge.get("source", ""), edge.get("target", "")))
        edges.append(held)
        if not one_way_only and held.get("oneway", "False").lower() not in {"true", "yes", "1"}:
            ends.append((ends[-1][1], ends[-1][0]))
            edges.append({name: value for name, value in held.items() if name != "geometry"})
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
        shapes={
            k: points_of(held["geometry"]) for k, held in enumerate(edges) if "LINESTRING" in held.get("geometry", "")
        },
        notes=notes,
    )


def _parse(path: Path) -> tuple[ET.Element, dict[str, str]]:
    content = read_bytes(path, "GraphML")
    try:
        # only files the user names are parsed, and expat bounds entity expansion itself
        root = ET.fromstring(content)  # noqa: S314
    except ET.ParseError as error:
        raise UsageError(f"{path} is not GraphML ({error}). Export the road graph as GraphML again.") from None
    graph = root.find(f"{NAMESPACE}graph")
    if root.tag != f"{NAMESPACE}graphml" or graph is None:
        raise UsageError(f"{path} is XML, but its root is <{root.tag}> and not <graphml>. Export it as GraphML.")
    return graph, {key.get("id", ""): key.get("attr.name", "") for key in root.iter(f"{NAMESPACE}key")}


def _attributes(element: ET.Element, key_name: dict[str, str]) -> dict[str, str]:
    # nodes and edges hold nothing but data; graphs hold nodes and edges too, which have no key
    return {
        key_name[key]: data.text
        for data in element
        if data.text is not None and (key := data.get("key")) in key_name and data.tag == DATA
    }


def _speed(held: dict[str, str]) -> float:
    stated = number(held.get("speed_kph"))
    return stated if np.isfinite(stated) else speed_kph(held.get("maxspeed"))
