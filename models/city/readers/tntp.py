"""TNTP text files: networks, trips and flows of the transportation test problems (each may be gzipped)."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from galleria.models.city.raw import Floats, Ints, RawRoads
from galleria.models.city.readers.crs import unit_of
from galleria.models.city.readers.text import read_bytes
from galleria.models.city.settings import ReadSettings
from galleria.models.errors import UsageError


@dataclass(frozen=True, eq=False)
class TntpNetwork:
    """A network of m links as the file states it, in the file's own units.

    Parameters
    ----------
    zones, nodes
        How many; zones are the nodes 1 to `zones`.
    first_through_node
        Nodes with a smaller number are only origins and destinations: no path leads through them.
    tail, head
        int32 [m], node numbers less one.
    capacity, length, free_time, b, power, toll
        float64 [m].
    kind
        int32 [m], the file's link types.
    """

    zones: int
    nodes: int
    first_through_node: int
    tail: Ints
    head: Ints
    capacity: Floats
    length: Floats
    free_time: Floats
    b: Floats
    power: Floats
    toll: Floats
    kind: Ints


def read_network(path: Path) -> TntpNetwork:
    """Read a `_net.tntp` file.

    Raises
    ------
    UsageError
        When it is no such file, or its counts do not fit its header.
    """
    about, body = _header(path)
    rows = [line.split(";")[0].split() for line in body.splitlines()]
    rows = [row for row in rows if row and not row[0].startswith("~")]
    try:
        table = np.array([[float(value) for value in row[:10]] for row in rows])
        zones, nodes, links = (int(about[name]) for name in ("NUMBER OF ZONES", "NUMBER OF NODES", "NUMBER OF LINKS"))
    except (ValueError, KeyError) as error:
        raise UsageError(
            f"{path} is not a TNTP network file ({error}). It needs a header with the numbers of zones, nodes and "
            "links, and ten columns from init_node to link_type."
        ) from None
    if table.shape != (links, 10):
        raise UsageError(f"{path} states {links:,} links but holds {table.shape[0]:,}; it was cut or edited.")
    tail, head = table[:, 0].astype(np.int32) - 1, table[:, 1].astype(np.int32) - 1
    if min(tail.min(), head.min()) < 0 or max(tail.max(), head.max()) >= nodes:
        raise UsageError(f"{path} has links that name nodes beyond its {nodes:,}; it was cut or edited.")
    return TntpNetwork(
        zones=zones,
        nodes=nodes,
        first_through_node=int(about.get("FIRST THRU NODE", "1")),
        tail=tail,
        head=head,
        capacity=table[:, 2],
        length=table[:, 3],
        free_time=table[:, 4],
        b=table[:, 5],
        power=table[:, 6],
        toll=table[:, 8],
        kind=table[:, 9].astype(np.int32),
    )


def read_trips(path: Path, zones: int) -> Floats:
    """Read a `_trips.tntp` file: float64 [zones, zones], trips from row to column."""
    _, body = _header(path)
    trips = np.zeros((zones, zones))
    origin = -1
    try:
        for line in body.splitlines():
            if found := re.match(r"\s*origin\s+(\d+)", line, re.IGNORECASE):
                origin = int(found[1]) - 1
                continue
            for destination, amount in re.findall(r"(\d+)\s*:\s*([-+.\deE]+)", line):
                trips[origin, int(destination) - 1] = float(amount)
    except (ValueError, IndexError) as error:
        raise UsageError(f"{path} is not a TNTP trips file for {zones:,} zones ({error}).") from None
    if origin < 0:
        raise UsageError(f"{path} names no origin; it is not a TNTP trips file.")
    return trips


def read_flows(path: Path) -> tuple[Ints, Ints, Floats]:
    """Read a `_flow.tntp` file: int32 [m] tails and heads (node numbers less one) and float64 [m] volumes."""
    text = read_bytes(path, "TNTP").decode("utf-8", "replace")
    rows = [line.split() for line in text.splitlines()[1:] if line.strip()]
    table = np.array([[float(value) for value in row[:3]] for row in rows])
    return table[:, 0].astype(np.int32) - 1, table[:, 1].astype(np.int32) - 1, table[:, 2]


def beside(path: Path, part: str) -> Path | None:
    """Find the trips, node or flow file beside a network file, by the same name."""
    pattern = re.sub(r"_net\.tntp(\.gz)?$", "", path.name, flags=re.IGNORECASE)
    for ending in (".tntp", ".tntp.gz"):
        candidate = path.with_name(f"{pattern}_{part}{ending}")
        if candidate.is_file():
            return candidate
    return None


def read_tntp(path: Path, settings: ReadSettings) -> RawRoads:
    """Read a TNTP network as roads, its units given by `city.read`; coordinates come from the node file beside it."""
    network = read_network(path)
    xy, said = _coordinates(path, network.nodes)
    unit, x, y, noticed = unit_of(None, xy[:, 0], xy[:, 1], str(path))
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
        road_class=[f"type {kind}" for kind in network.kind],
        shapes={},
        notes=(*said, *noticed),
    )


def _coordinates(path: Path, nodes: int) -> tuple[Floats, tuple[str, ...]]:
    """Find float64 [nodes, 2] coordinates in `_node.tntp` or a GeoJSON file beside, else lay nodes on a circle."""
    found = beside(path, "node")
    if found is not None:
        text = read_bytes(found, "TNTP").decode("utf-8", "replace")
        rows = [line.replace(";", " ").split() for line in text.splitlines()[1:] if line.strip(" \t;")]
        return _by_number([(int(row[0]), float(row[1]), float(row[2])) for row in rows], nodes), ()
    for file in sorted(path.parent.glob("*nodes.geojson*")):
        features = json.loads(read_bytes(file, "GeoJSON"))["features"]
        points = [(f["properties"]["id"], *f["geometry"]["coordinates"][:2]) for f in features]
        return _by_number(points, nodes), ()
    angle = np.arange(nodes) / nodes * 2 * np.pi
    return np.column_stack([np.cos(angle), np.sin(angle)]), (
        "There is no node file beside the network; nodes were laid on a circle, which only the map shows.",
    )


def _by_number(points: list[tuple[int, float, float]], nodes: int) -> Floats:
    xy = np.full((nodes, 2), np.nan)
    for number, x, y in points:
        if 1 <= number <= nodes:
            xy[number - 1] = x, y
    return xy


def _header(path: Path) -> tuple[dict[str, str], str]:
    """Split a file into its metadata and what follows."""
    text = read_bytes(path, "TNTP").decode("utf-8", "replace")
    head, mark, body = text.partition("<END OF METADATA>")
    if not mark:
        raise UsageError(f"{path} is not a TNTP file: it has no line <END OF METADATA>.")
    return {name.strip().upper(): value.strip() for name, value in re.findall(r"<([^>]+)>\s*([^\r\n]*)", head)}, body
