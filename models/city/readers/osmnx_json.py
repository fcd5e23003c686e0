"""OSMnx graphs saved as NetworkX node-link JSON (`edges` or `links`; may be gzipped)."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from galleria.models.city.raw import RawRoads, row_index, rows_of
from galleria.models.city.readers.crs import unit_of
from galleria.models.city.readers.lines import shapes_of
from galleria.models.city.readers.text import first_of, number, speed_kph, text_of, unread_speeds
from galleria.models.city.settings import ReadSettings
from galleria.models.errors import UsageError

ONE_WAY = frozenset({"true", "yes", "1"})

type Edge = dict[str, Any]


def read_osmnx_json(path: Path, settings: ReadSettings) -> RawRoads:  # noqa: ARG001 (readers share one shape)
    """Read node-link JSON: nodes with id, x and y; edges with source, target and OSMnx's attributes.

    Edges of a graph that is not directed run both ways unless their `oneway` says otherwise. Edges that name nodes by
    their place in the list, as NetworkX 1 wrote them, are understood.
    """
    graph, nodes, links = _parse(path)
    node_id = [str(node["id"]) for node in nodes]
    row = row_index(node_id, str(path))
    x, y = (np.array([number(str(node[axis])) for node in nodes]) for axis in ("x", "y"))
    about = graph.get("graph") or {}
    about = dict(about) if _is_pairs(about) else about
    crs = about.get("crs") if isinstance(about, dict) else None
    unit, x, y, said = unit_of(None if crs is None else str(crs), x, y, str(path))
    both = graph.get("directed", True) is False
    runs = [(edge, turned) for edge in links for turned in ((False, True) if both and not _one_way(edge) else (False,))]
    edges = [edge for edge, _ in runs]
    tails, heads = _ends(runs, row, node_id)
    shapes = shapes_of((edge.get("geometry") for edge in edges), str(path))
    speeds = [_text(edge, "speed_kph", "speed_kmph", "maxspeed") for edge in edges]
    return RawRoads(
        source=str(path),
        unit=unit,
        node_id=node_id,
        x=x,
        y=y,
        tail=rows_of(tails, row, str(path)),
        head=rows_of(heads, row, str(path)),
        length_m=np.array([number(_text(edge, "length")) for edge in edges]),
        speed_kph=np.array([speed_kph(text) for text in speeds]),
        time_s=np.array([number(_text(edge, "travel_time")) for edge in edges]),
        lanes=np.array([number(first_of(_text(edge, "lanes"))) for edge in edges]),
        road_class=[first_of(_text(edge, "highway")) or "unclassified" for edge in edges],
        shapes={k: line[::-1] if runs[k][1] else line for k, line in shapes.items()},
        notes=(*said, *unread_speeds(speeds)),
    )


def _parse(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]], list[Edge]]:
    try:
        graph = json.loads(text_of(path, "node-link JSON"))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is not JSON ({error}). Export the road graph again.") from None
    links = graph.get("links", graph.get("edges")) if isinstance(graph, dict) else None
    if not isinstance(links, list) or not isinstance(graph.get("nodes"), list):
        raise UsageError(f"{path} is JSON without the lists nodes and links (or edges) of a NetworkX node-link graph.")
    nodes = graph["nodes"]
    if not all(isinstance(node, dict) and "id" in node and "x" in node and "y" in node for node in nodes):
        raise UsageError(f"{path}: every node needs id, x and y. Export the graph with its coordinates.")
    if not all(isinstance(edge, dict) and "source" in edge and "target" in edge for edge in links):
        raise UsageError(f"{path}: every edge needs source and target. Export the graph again.")
    return graph, nodes, links


def _is_pairs(about: Any) -> bool:
    return isinstance(about, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in about)


def _one_way(edge: Edge) -> bool:
    return str(edge.get("oneway", "")).lower() in ONE_WAY


def _ends(runs: list[tuple[Edge, bool]], row: dict[str, int], node_id: list[str]) -> tuple[list[str], list[str]]:
    """Return the names of the nodes each edge leads from and to."""
    named = [(edge["source"], edge["target"]) for edge, _ in runs]
    if not all(str(end) in row for pair in named for end in pair) and all(
        isinstance(end, int) and 0 <= end < len(node_id) for pair in named for end in pair
    ):
        named = [(node_id[u], node_id[v]) for u, v in named]
    ends = [(v, u) if turned else (u, v) for (u, v), (_, turned) in zip(named, runs, strict=True)]
    return [str(u) for u, _ in ends], [str(v) for _, v in ends]


def _text(edge: Edge, *names: str) -> str | None:
    held = next((edge[name] for name in names if edge.get(name) is not None), None)
    return None if held is None else str(held)
