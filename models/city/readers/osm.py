"""OpenStreetMap extracts (.osm.pbf, .osm, .osm.gz, .osm.bz2): the roads a car may use, cut at junctions."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np

from galleria.models.city.raw import Floats, RawRoads, great_circle_km, row_index, rows_of
from galleria.models.city.readers.text import first_of, number, read_bytes, refuse_foreign, speed_kph
from galleria.models.city.settings import ReadSettings
from galleria.models.errors import UsageError

ACCESS_TAGS = ("motorcar", "motor_vehicle", "vehicle", "access")
"""From the most to the least specific: the first that is set decides whether a car may pass."""
ONE_WAY = frozenset({"yes", "true", "1"})
BACKWARD = frozenset({"-1", "reverse"})
CIRCLES = frozenset({"roundabout", "circular"})


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
    points: list[Floats] = []
    for way in ways:
        forward, backward = _directions(way.tags)
        for piece in _pieces(way.nodes, junctions):
            line = np.array([lon_lat[node] for node in piece])
            for runs, order in ((forward, slice(None)), (backward, slice(None, None, -1))):
                if runs:
                    tails.append(piece[order][0])
                    heads.append(piece[order][-1])
                    tags.append(way.tags)
                    points.append(line[order])
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
        speed_kph=np.array([speed_kph(held.get("maxspeed")) for held in tags]),
        time_s=np.full(len(tails), np.nan),
        lanes=np.array([_lanes(held) for held in tags]),
        road_class=[held["highway"] for held in tags],
        shapes={k: line for k, line in enumerate(points) if len(line) > 2},
        notes=said,
    )


def _driveable_ways(
    path: Path, settings: ReadSettings
) -> tuple[list[_Way], dict[int, tuple[float, float]], tuple[str, ...]]:
    """Return the ways, the place (lon, lat) of their nodes, and what was left out."""
    if path.name.lower().endswith(".gz"):
        read_bytes(path, "OpenStreetMap")  # says clearly when it is empty, cut or a web page
    else:
        with path.open("rb") as stream:
            refuse_foreign(path, stream.read(200), "OpenStreetMap")
    wanted, closed = frozenset(settings.classes), frozenset(settings.closed_access)
    ways: list[_Way] = []
    lon_lat: dict[int, tuple[float, float]] = {}
    shut = cut = 0
    for nodes, tags in _every_way(path):
        if tags.get("highway") not in wanted:
            continue
        if not open_to_cars(tags, closed):
            shut += 1
            continue
        lon_lat.update((node, at) for node, at in nodes if at is not None)
        parts = _inside(nodes)
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
    return ways, lon_lat, tuple(said)


type _Located = list[tuple[int, tuple[float, float] | None]]


def _every_way(path: Path) -> Iterator[tuple[_Located, dict[str, str]]]:
    """Read ways tagged as highways: their nodes with place (None outside the extract), and their tags."""
    try:
        import osmium  # noqa: PLC0415 (only needed here, and only with the osm extra)
    except ImportError:
        raise UsageError(
            f"Reading {path} needs the package osmium. Install the extra (pip install 'galleria[osm]'), or save the "
            "road graph as GraphML and read that."
        ) from None
    try:
        found = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
        for way in found.with_filter(osmium.filter.KeyFilter("highway")):
            if isinstance(way, osmium.osm.Way):
                yield (
                    [(node.ref, (node.lon, node.lat) if node.location.valid() else None) for node in way.nodes],
                    {tag.k: tag.v for tag in way.tags},
                )
    except RuntimeError as error:
        raise UsageError(
            f"{path} is not a readable OpenStreetMap extract ({error}). Download it again; the file may be cut short "
            "or of another format."
        ) from None


def _inside(nodes: _Located) -> list[tuple[int, ...]]:
    """Return the runs of two or more nodes that lie inside the extract."""
    runs = ([node for node, _ in run] for inside, run in groupby(nodes, lambda n: n[1] is not None) if inside)
    return [tuple(run) for run in runs if len(run) > 1]


def open_to_cars(tags: Mapping[str, str], closed: frozenset[str]) -> bool:
    """Say whether a car may use a way: the most specific of its access tags decides."""
    for name in ACCESS_TAGS:
        if name in tags:
            return tags[name] not in closed
    return True


def _directions(tags: Mapping[str, str]) -> tuple[bool, bool]:
    """Say whether a way is driven forward and backward along its drawing."""
    one_way = tags.get("oneway", "")
    if one_way in BACKWARD:
        return False, True
    if one_way in ONE_WAY:
        return True, False
    if tags.get("junction") in CIRCLES:
        return True, False
    return True, not (tags["highway"] == "motorway" and one_way not in {"no", "false", "0"})


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


def _lanes(tags: Mapping[str, str]) -> float:
    """Return lanes in one direction: `lanes` counts both of a two-way street."""
    lanes = number(first_of(tags.get("lanes")))
    return lanes if sum(_directions(tags)) == 1 else lanes / 2
