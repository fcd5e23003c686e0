"""OSMnx graphs saved as NetworkX node-link JSON (`edges` or `links`; may be gzipped)."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from galleria.models.city.raw import RawRoads, row_index, rows_of
from galleria.models.city.readers.crs import unit_of
from galleria.models.city.readers.text import first_of, number, read_bytes, speed_kph
from galleria.models.city.settings import ReadSettings
from galleria.models.errors import UsageError


def read_osmnx_json(path: Path, settings: ReadSettings) -> RawRoads:  # noqa: ARG001 (readers share one shape)
    """Read node-link JSON: nodes with id, x and y; edges with source, target and OSMnx's attributes."""
    content = read_bytes(path, "node-link JSON")
    try:
        graph = json.loads(content)
    except ValueError as error:
        raise UsageError(f"{path} is not JSON ({error}). Export the road graph again.") from None
    edges = graph.get("links", graph.get("edges")) if isinstance(graph, dict) else None
    if not isinstance(edges, list) or not isinstance(graph.get("nodes"), list):
        raise UsageError(f"{path} is JSON without the lists nodes and links (or edges) of a NetworkX node-link graph.")
    nodes: list[dict[str, Any]] = graph["nodes"]
    if not all("id" in node and "x" in node and "y" in node for node in nodes):
        raise UsageError(f"{path}: every node needs id, x and y. Export the graph with its coordinates.")
    node_id = [str(node["id"]) for node in nodes]
    row = row_index(node_id, str(path))
    x, y = (np.array([number(str(node[axis])) for node in nodes]) for axis in ("x", "y"))
    unit, x, y, said = unit_of(str(graph.get("graph", {}).get("crs", "")), x, y, str(path))

    def text(edge: dict[str, Any], *names: str) -> str | None:
        held = next((edge[name] for name in names if edge.get(name) is not None), None)
        return None if held is None else str(held)

    return RawRoads(
        source=str(path),
        unit=unit,
        node_id=node_id,
        x=x,
        y=y,
        tail=rows_of((str(edge["source"]) for edge in edges), row, str(path)),
        head=rows_of((str(edge["target"]) for edge in edges), row, str(path)),
        length_m=np.array([number(text(edge, "length")) for edge in edges]),
        speed_kph=np.array([speed_kph(text(edge, "speed_kph", "speed_kmph", "maxspeed")) for edge in edges]),
        time_s=np.array([number(text(edge, "travel_time")) for edge in edges]),
        lanes=np.array([number(first_of(text(edge, "lanes"))) for edge in edges]),
        road_class=[first_of(text(edge, "highway")) or "unclassified" for edge in edges],
        shapes={},
        notes=said,
    )
