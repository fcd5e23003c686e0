"""What is wrong with roads as read and cannot be mended: coordinates missing or swapped, negative lengths."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from galleria.models.city.raw import RawRoads, great_circle_km


def road_faults(raw: RawRoads) -> Iterator[str]:
    """Say all that is wrong with a file and cannot be mended."""
    if not raw.tail.size:
        yield "it holds nodes but no edges, so there are no roads to drive on. Export the road graph again."
    absent = ~(np.isfinite(raw.x) & np.isfinite(raw.y))
    if absent.any():
        first = raw.node_id[int(np.flatnonzero(absent)[0])]
        yield (
            f"{absent.sum():,} of {absent.size:,} nodes have no usable coordinates (nan or empty), the first is node "
            f"{first}. Give every node its x and y, or remove those nodes and their edges."
        )
    negative = raw.length_m < 0
    if negative.any():
        k = int(np.flatnonzero(negative)[0])
        yield (
            f"{negative.sum():,} edges have a negative length, the first from node {raw.node_id[raw.tail[k]]} to "
            f"node {raw.node_id[raw.head[k]]} ({raw.length_m[k]:g} m). Correct it, or leave it empty so that it is "
            "measured from the coordinates."
        )
    if raw.unit == "degrees":
        yield from _degree_faults(raw, ~absent)


def _degree_faults(raw: RawRoads, known: NDArray[np.bool_]) -> Iterator[str]:
    """Find coordinates that are no degrees, or latitude and longitude swapped."""
    x, y = np.abs(raw.x[known]).max(initial=0), np.abs(raw.y[known]).max(initial=0)
    if y > 90 and x <= 90:
        yield (
            f"latitude and longitude look swapped, since y reaches {y:.1f} and latitudes end at 90. Write longitude as "
            "x and latitude as y."
        )
    elif y > 90 or x > 180:
        yield (
            f"its coordinates reach ({x:,.0f}, {y:,.0f}), which are no degrees. State the projection in the graph's "
            "crs, or save longitude and latitude (EPSG:4326)."
        )
    elif x <= 90:
        yield from _misfit_faults(raw)


def _misfit_faults(raw: RawRoads) -> Iterator[str]:
    """Compare stated lengths with distances as read and with x and y exchanged."""
    tail, head = raw.tail, raw.head
    as_read_km = great_circle_km(raw.x[tail], raw.y[tail], raw.x[head], raw.y[head])
    exchanged_km = great_circle_km(raw.y[tail], raw.x[tail], raw.y[head], raw.x[head])
    known = (raw.length_m > 0) & (as_read_km > 0) & (exchanged_km > 0)
    if known.sum() < 3:
        return
    length_km = raw.length_m[known] / 1000
    as_read, exchanged = (
        float(np.median(np.abs(np.log(length_km / straight[known])))) for straight in (as_read_km, exchanged_km)
    )
    if exchanged < 0.03 < as_read and as_read > 3 * exchanged:
        yield (
            "latitude and longitude look swapped, since the stated edge lengths fit the coordinates only when x and y "
            f"change places (typical misfit {as_read:.0%} as read, {exchanged:.1%} exchanged). Write longitude as x "
            "and latitude as y."
        )
