"""Roads as a file or a generator gives them, before anything is repaired or dropped."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from galleria.models.errors import UsageError

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int32]

EARTH_RADIUS_KM = 6371.009
KM_PER_DEGREE = np.pi / 180 * EARTH_RADIUS_KM
"""Of latitude; of longitude times the cosine of the latitude."""
FROM_ZONE = " from a zone"


@dataclass(frozen=True, eq=False)
class RawRoads:
    """A directed road graph as read: n nodes, m edges, gaps marked by nan.

    Parameters
    ----------
    source
        The file or generator it came from, for messages.
    unit
        What `x` and `y` are: degrees of longitude and latitude, or metres in some projection.
    node_id
        The n node names of the source.
    x, y
        float64 [n], coordinates in `unit`.
    tail, head
        int32 [m], rows of the nodes an edge leads from and to.
    length_m
        float64 [m], length in metres; nan where the source gives none.
    speed_kph
        float64 [m], free-flow speed in km/h; nan where the source gives none.
    time_s
        float64 [m], free-flow time in seconds; nan where the source gives none.
    lanes
        float64 [m], lanes in the direction of the edge; nan where the source gives none.
    road_class
        m names of road classes in OpenStreetMap's words; one that ends with `FROM_ZONE` leaves a node where paths start
        and end but none leads through.
    shapes
        For some edges (by row) the points of the road between its ends, float64 [k, 2] in `unit`, ends included.
    notes
        Sentences on what the reader itself left out or mended.
    frame
        "map" for coordinates on the earth; "own" when they are already in the city's own frame and must not be shifted;
        "free" when the source draws its network freely, so that lengths need not fit them.
    """

    source: str
    unit: Literal["degrees", "metres"]
    node_id: Sequence[str]
    x: Floats
    y: Floats
    tail: Ints
    head: Ints
    length_m: Floats
    speed_kph: Floats
    time_s: Floats
    lanes: Floats
    road_class: Sequence[str]
    shapes: dict[int, Floats]
    notes: tuple[str, ...] = ()
    frame: Literal["map", "own", "free"] = "map"

    def only_edges(self, keep: NDArray[np.bool_]) -> Self:
        """Return the roads without some edges (bool [m], True stays)."""
        new_row = np.cumsum(keep) - 1
        return replace(
            self,
            tail=self.tail[keep],
            head=self.head[keep],
            length_m=self.length_m[keep],
            speed_kph=self.speed_kph[keep],
            time_s=self.time_s[keep],
            lanes=self.lanes[keep],
            road_class=[name for name, stays in zip(self.road_class, keep, strict=True) if stays],
            shapes={int(new_row[k]): shape for k, shape in self.shapes.items() if keep[k]},
        )

    def only_nodes(self, keep: NDArray[np.bool_]) -> Self:
        """Return the roads between some nodes (bool [n], True stays)."""
        new_row = (np.cumsum(keep) - 1).astype(np.int32)
        inside = self.only_edges(keep[self.tail] & keep[self.head])
        return replace(
            inside,
            node_id=[name for name, stays in zip(self.node_id, keep, strict=True) if stays],
            x=self.x[keep],
            y=self.y[keep],
            tail=new_row[inside.tail],
            head=new_row[inside.head],
        )


def rows_of(names: Iterable[str], row: dict[str, int], source: str) -> Ints:
    """Turn the node names of edges into rows.

    Raises
    ------
    UsageError
        When an edge names a node the file does not hold.
    """
    names = list(names)
    found = find_rows(names, row)
    absent = np.flatnonzero(found < 0)
    if absent.size:
        some = ", ".join(sorted({repr(names[k]) for k in absent[:200]})[:3])
        raise UsageError(
            f"{source}: {absent.size:,} edge ends name nodes that are not in the file (such as {some}). The node and "
            "the edge lists do not belong together, or the file was cut; write both from the same graph again."
        )
    return found


def find_rows(names: Sequence[str], row: dict[str, int]) -> Ints:
    """Return the row of each name, -1 where there is none.

    A name that is not there is looked for as the same whole number written otherwise (`7`, `7.0`, `007`), as tables
    rewrite numbers, where only one node is meant.
    """
    found = np.fromiter((row.get(name, -1) for name in names), dtype=np.int32, count=len(names))
    absent = np.flatnonzero(found < 0)
    if absent.size:
        plain = _by_whole_number(row)
        found[absent] = [plain.get(_whole_number(names[int(k)]), -1) for k in absent]
    return found


def _whole_number(name: str) -> str:
    """Write a whole number plainly; other names are left as they are."""
    found = re.fullmatch(r"\s*([-+]?)0*(\d+)(?:\.0*)?\s*", name)
    return name.strip() if found is None else found[1].replace("+", "") + found[2]


def _by_whole_number(row: dict[str, int]) -> dict[str, int]:
    """Map plainly written names to rows, without those that two nodes share."""
    times = Counter(_whole_number(name) for name in row)
    return {plain: k for name, k in row.items() if times[plain := _whole_number(name)] == 1}


def row_index(node_id: Sequence[str], source: str) -> dict[str, int]:
    """Map node names to rows.

    Raises
    ------
    UsageError
        When there is no node, or one name stands twice.
    """
    row = {name: k for k, name in enumerate(node_id)}
    if not row:
        raise UsageError(f"{source} holds no nodes, so there are no roads to drive on. Export the road graph again.")
    if len(row) < len(node_id):
        raise UsageError(
            f"{source}: {len(node_id) - len(row):,} node ids stand more than once, so edges cannot tell which one they "
            "mean. Give every node its own id."
        )
    return row


def great_circle_km(lon_a: Floats, lat_a: Floats, lon_b: Floats, lat_b: Floats) -> Floats:
    """Measure crow-flies distances (km) between points in degrees, by the haversine formula."""
    phi_a, phi_b = np.radians(lat_a), np.radians(lat_b)
    half_chord = (
        np.sin((phi_b - phi_a) / 2) ** 2 + np.cos(phi_a) * np.cos(phi_b) * np.sin(np.radians(lon_b - lon_a) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half_chord, 0, 1))))


def eastward(lon: Floats) -> Floats:
    """Count longitudes on from 180 degrees where points lie on both sides of the 180th meridian."""
    crosses = lon.size > 0 and float(np.nanmax(lon) - np.nanmin(lon)) > 180
    return np.where(lon < 0, lon + 360, lon) if crosses else lon
