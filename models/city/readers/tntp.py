"""Networks of the transportation test problems (TNTP) as roads."""

import json
from pathlib import Path

import numpy as np

from galleria.models.city.raw import FROM_ZONE, Floats, RawRoads
from galleria.models.city.readers.crs import unit_of
from galleria.models.city.readers.text import text_of
from galleria.models.city.readers.tntp_files import beside, number_lines, read_network
from galleria.models.city.settings import ReadSettings
from galleria.models.errors import UsageError


def read_tntp(path: Path, settings: ReadSettings) -> RawRoads:
    """Read a TNTP network as roads, its units given by `city.read`; coordinates come from the node file beside it.

    No path leads through the zones below the file's first through node.
    """
    network = read_network(path)
    xy, said = _coordinates(path, network.nodes)
    unit, x, y, noticed = unit_of(None, xy[:, 0], xy[:, 1], str(path))
    leaves_zone = network.tail + 1 < network.first_through_node
    if leaves_zone.any():
        zones = min(network.first_through_node - 1, network.nodes)
        said = (*said, f"No path leads through the {zones:,} zones below the file's first through node.")
    return RawRoads(
        source=str(path),
        unit=unit,
        node_id=[str(k + 1) for k in range(network.nodes)],
        x=x if unit == "degrees" else x * settings.tntp_metres_per_coordinate,
        y=y if unit == "degrees" else y * settings.tntp_metres_per_coordinate,
        tail=network.tail,
        head=network.head,
        length_m=network.length * settings.tntp_metres_per_length,
        speed_kph=np.full(network.tail.size, np.nan),
        time_s=network.free_time * settings.tntp_seconds_per_time,
        lanes=np.full(network.tail.size, np.nan),
        road_class=[
            f"type {kind}{FROM_ZONE * bool(zone)}" for kind, zone in zip(network.kind, leaves_zone, strict=True)
        ],
        shapes={},
        notes=(*said, *noticed),
        frame="free",
    )


def _coordinates(path: Path, nodes: int) -> tuple[Floats, tuple[str, ...]]:
    """Find float64 [nodes, 2] coordinates in `_node.tntp` or a GeoJSON file beside, else lay nodes on a circle."""
    found = beside(path, "node")
    if found is not None:
        return _by_number(number_lines(found, 3), nodes), ()
    for file in sorted(path.parent.glob("*nodes.geojson*")):
        try:
            features = json.loads(text_of(file, "GeoJSON"))["features"]
            points = [[float(f["properties"]["id"]), *map(float, f["geometry"]["coordinates"][:2])] for f in features]
        except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
            raise UsageError(
                f"{file} is no GeoJSON of points with the property id ({error}). Mend or remove it."
            ) from None
        return _by_number(points, nodes), ()
    angle = np.arange(nodes) / max(nodes, 1) * 2 * np.pi
    return np.column_stack([np.cos(angle), np.sin(angle)]), (
        "There is no node file beside the network; nodes were laid on a circle, which only the map shows.",
    )


def _by_number(points: list[list[float]], nodes: int) -> Floats:
    xy = np.full((nodes, 2), np.nan)
    for number, x, y in points:
        if 1 <= number <= nodes and number == int(number):
            xy[int(number) - 1] = x, y
    return xy
