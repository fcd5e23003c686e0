"""OpenStreetMap extracts (.osm.pbf, .osm, .osm.gz, .osm.bz2): the roads a car may use, cut at junctions."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np

from galleria.models.city.raw import Floats, RawRoads, great_circle_km, row_index, rows_of
from galleria.models.city.readers.osm_tags import alternates, directions, lanes, open_to_cars, speed_tag
from galleria.models.city.readers.text import check_packed, read_bytes, speed_kph, unread_speeds
from galleria.models.city.settings import ReadSettings
from galleria.models.errors import UsageError

EDITED_BYTES = 30_000_000
"""Files that an editor saves are smaller."""


@dataclass(frozen=True)
class _Way:
    """A driveable way: its nodes in order of drawing and the tags that matter."""

    nodes: tuple[int, ...]
    tags: Mapping[str, str]


def read_osm(path: Path, settings: ReadSettings) -> RawRoads:
    """Read the driveable roads of an OpenStreetMap extract, simplified to junctions.

    A node of the graph is an end of a way or a node that ways share; the points between are kept as the shape of
    the edge and counted in its length. One-way streets (also `oneway=-1`, roundabouts and motorways) get one edge,
    others two.
    """
    ways, lon_lat, said = _driveable_ways(path, settings)
    uses = Counter(node for way in ways for node in way.nodes)
    uses.update(node for way in ways for node in (way.nodes[0], way.nodes[-1]))
    junctions = {node for node, times in uses.items() if times > 1}
    tails: list[int] = []
    heads: list[int] = []
    tags: list[Mapping[str, str]] = []
    sides: list[str] = []
    points: list[Floats] = []
    closed = frozenset(settings.closed_access)
    for way in ways:
        open_ways = directions(way.tags, closed)
        for piece in _pieces(way.nodes, junctions):
            line = np.array([lon_lat[node] for node in piece])
            for runs, side, order in zip(open_ways, ("forward", "backward"), (1, -1), strict=True):
                if runs:
                    tails.append(piece[::order][0])
                    heads.append(piece[::order][-1])
                    tags.append(way.tags)
                    sides.append(side)
                    points.append(line[::order])
    speeds = [speed_tag(held, side) for held, side in zip(tags, sides, strict=True)]
    node_id = sorted({*tails, *heads})
    names = [str(node) for node in node_id]
    row = row_index(names, str(path))
    at = np.array([lon_lat[node] for node in node_id])
    return RawRoads(
        source=str(path),
        unit="degrees",
        node_id=names,
        x=at[:, 0],
        y=at[:, 1],
        tail=rows_of(map(str, tails), row, str(path)),
        head=rows_of(map(str, heads), row, str(path)),
        length_m=_lengths_m(points),
        speed_kph=np.array([speed_kph(text) for text in speeds]),
        time_s=np.full(len(tails), np.nan),
        lanes=np.array([lanes(held, side) for held, side in zip(tags, sides, strict=True)]),
        road_class=[held["highway"] for held in tags],
        shapes={k: line for k, line in enumerate(points) if len(line) > 2},
        notes=(*said, *unread_speeds(speeds)),
    )


def _driveable_ways(
    path: Path, settings: ReadSettings
) -> tuple[list[_Way], dict[int, tuple[float, float]], tuple[str, ...]]:
    """Return the ways, the place (lon, lat) of their nodes, and what was left out."""
    check_packed(path, "OpenStreetMap")  # says clearly when it is empty, cut, a bomb or a web page
    wanted, closed = frozenset(settings.classes), frozenset(settings.closed_access)
    ways: list[_Way] = []
    lon_lat: dict[int, tuple[float, float]] = {}
    shut = cut = by_turns = 0
    for nodes, tags in _located(path, wanted):
        if not open_to_cars(tags, closed):
            shut += 1
            continue
        lon_lat.update((node, at) for node, at in nodes if at is not None)
        parts = _inside(nodes)
        by_turns += alternates(tags)
        cut += len(parts) != 1 or len(parts[0]) < len(nodes)
        ways.extend(_Way(part, tags) for part in parts)
    if not ways:
        raise UsageError(
            f"{path} holds no road a car may use (of the classes {', '.join(settings.classes)}). Check that the "
            "extract covers a city, or widen city.read.classes."
        )
    said = []
    if shut:
        said.append(f"{shut:,} ways closed to cars ({', '.join(settings.closed_access)}) were left out.")
    if cut:
        said.append(f"{cut:,} ways lead out of the extract and were cut at its border.")
    if by_turns:
        said.append(
            f"{by_turns:,} ways open to one direction at a time (reversible, alternating) were read as two-way."
        )
    return ways, lon_lat, tuple(said)


type _Located = list[tuple[int, tuple[float, float] | None]]


def _located(path: Path, wanted: frozenset[str]) -> Iterator[tuple[_Located, dict[str, str]]]:
    """Give every way's nodes their places, also where ways stand before nodes or ids are below zero.

    The index of node locations knows neither; such files (of an editor or a query) are read a second time for the nodes
    that are missing. An extract cut at its border misses nodes too, but has others, in order, with ids above zero.
    """
    ways = [way for way in _every_way(path) if way[1].get("highway") in wanted]
    missing = {node for nodes, _ in ways for node, at in nodes if at is None}
    found = any(at is not None for nodes, _ in ways for _, at in nodes)
    if not missing or (found and min(missing) > 0 and path.name.lower().endswith(".pbf")):
        return iter(ways)
    places = _places(path, missing)
    return (([(node, at or places.get(node)) for node, at in nodes], tags) for nodes, tags in ways)


def _deleted(path: Path) -> frozenset[int]:
    """Return the ids of ways that an editor (JOSM) marked as deleted and saved all the same."""
    if not path.name.lower().endswith((".osm", ".osm.gz")) or path.stat().st_size > EDITED_BYTES:
        return frozenset()
    content = read_bytes(path, "OpenStreetMap")
    if b"JOSM" not in content[:1000]:
        return frozenset()
    marked = re.findall(rb"<way\b[^>]*\baction=['\"]delete['\"][^>]*>", content)
    return frozenset(int(found[1]) for tag in marked if (found := re.search(rb"\bid=['\"](-?\d+)", tag)))


def _places(path: Path, wanted: set[int]) -> dict[int, tuple[float, float]]:
    import osmium  # noqa: PLC0415 (only needed here, and only with the osm extra)

    every = osmium.FileProcessor(str(path), osmium.osm.NODE)
    return {
        node.id: (node.lon, node.lat)
        for node in every
        if isinstance(node, osmium.osm.Node) and node.id in wanted and node.location.valid()
    }


def _every_way(path: Path) -> Iterator[tuple[_Located, dict[str, str]]]:
    """Read ways tagged as highways: their nodes with place (None outside the extract), and their tags."""
    try:
        import osmium  # noqa: PLC0415 (only needed here, and only with the osm extra)
    except ImportError:
        raise UsageError(
            f"Reading {path} needs the package osmium. Install the extra (pip install 'galleria[osm]'), or save the "
            "road graph as GraphML and read that."
        ) from None
    gone = _deleted(path)
    try:
        found = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
        for way in found.with_filter(osmium.filter.KeyFilter("highway")):
            if isinstance(way, osmium.osm.Way) and way.id not in gone:
                yield (
                    [(node.ref, (node.lon, node.lat) if node.location.valid() else None) for node in way.nodes],
                    {tag.k: tag.v for tag in way.tags},
                )
    except (RuntimeError, ValueError, MemoryError, OverflowError) as error:  # a damaged file ends in any of them
        raise UsageError(
            f"{path} is not a readable OpenStreetMap extract ({error}). Download it again; the file may be cut short "
            "or of another format."
        ) from None


def _inside(nodes: _Located) -> list[tuple[int, ...]]:
    """Return the runs of two or more nodes that lie inside the extract."""
    runs = ([node for node, _ in run] for inside, run in groupby(nodes, lambda n: n[1] is not None) if inside)
    return [tuple(run) for run in runs if len(run) > 1]


def _pieces(nodes: tuple[int, ...], junctions: set[int]) -> Iterator[tuple[int, ...]]:
    """Cut a way at its junctions; a closed way without any is a loop from its first node to itself."""
    stops = [k for k, node in enumerate(nodes) if node in junctions or k in {0, len(nodes) - 1}]
    for start, end in pairwise(stops):
        yield nodes[start : end + 1]


def _lengths_m(points: list[Floats]) -> Floats:
    """Measure lines of points in degrees, all at once, to the centimetre (mapped points are good to metres)."""
    every = np.concatenate(points)
    step = great_circle_km(every[:-1, 0], every[:-1, 1], every[1:, 0], every[1:, 1]) * 1000
    ends = np.cumsum([len(line) for line in points])
    along = np.concatenate([[0.0], np.cumsum(np.where(np.isin(np.arange(1, every.shape[0]), ends), 0.0, step))])
    return np.asarray(np.round(along[ends - 1] - along[np.concatenate([[0], ends[:-1]])], 2))
