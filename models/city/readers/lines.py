"""The line of a road as files write it: well-known text, GeoJSON, or a list of points."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from galleria.models.city.raw import Floats
from galleria.models.errors import UsageError

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"

WELL_KNOWN = re.compile(
    r"\s*(?:SRID=\d+;)?\s*(?:MULTI)?LINESTRING\s*(?:Z|M|ZM)?\s*(EMPTY|\(.*\))\s*", re.IGNORECASE | re.DOTALL
)


def points_of(held: Any) -> Floats | None:
    """Read the points of a line, float64 [k, 2]; None when it has none.

    `LINESTRING (...)`, also with Z, M, an SRID before it or in several parts; a GeoJSON LineString or MultiLineString,
    as text or read; a list of points.

    Raises
    ------
    ValueError
        When it is none of these.
    """
    if held is None or (isinstance(held, str) and held.strip().lower() in {"", "none", "nan", "null"}):
        return None
    if isinstance(held, str) and held.lstrip()[:1] in "{[":
        held = json.loads(held)
    if isinstance(held, str):
        return _well_known(held)
    if isinstance(held, dict):
        held = held["geometry"] if held.get("type") == "Feature" else held
        parts = held["coordinates"]
        if held.get("type") == "LineString":
            parts = [parts]
        elif held.get("type") != "MultiLineString":
            raise ValueError("no line")
    else:
        parts = [held]
    found = [_pairs(part) for part in parts]
    return np.concatenate(found) if found else None


def _well_known(text: str) -> Floats | None:
    found = WELL_KNOWN.fullmatch(text)
    if not found:
        raise ValueError("no line")
    if found[1].upper() == "EMPTY":
        return None
    points = [point.split()[:2] for point in re.sub(r"[()]", " ", found[1]).split(",")]
    if any(len(point) != 2 or not all(re.fullmatch(NUMBER, value) for value in point) for point in points):
        raise ValueError("no line")
    return np.array(points, dtype=np.float64)


def _pairs(points: Sequence[Any]) -> Floats:
    line = np.array([[float(point[0]), float(point[1])] for point in points])
    if line.ndim != 2 or not np.isfinite(line).all():
        raise ValueError("no line")
    return line


def shapes_of(held: Iterable[Any], source: str, column: str = "geometry") -> dict[int, Floats]:
    """Read the lines of edges (by row) that have points between their ends.

    Raises
    ------
    UsageError
        When a line is written in another way, with the first such.
    """
    shapes: dict[int, Floats] = {}
    for k, value in enumerate(held):
        try:
            line = points_of(value)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
            some = str(value)
            raise UsageError(
                f"{source}: {column} of edge {k + 1:,} is no line ({some[:40] + '...' * (len(some) > 40)}). Write "
                "it as WKT (LINESTRING (x y, x y)) or GeoJSON, or leave it empty."
            ) from None
        if line is not None and len(line) > 2:
            shapes[k] = line
    return shapes


def turned(line: Floats | None) -> Floats | None:
    """Return a line from its end to its start."""
    return None if line is None else line[::-1]
