"""From roads as read to roads one can drive: gaps filled, nonsense refused, one connected part kept.

Everything that is mended or left out is counted and said in a sentence; nothing disappears silently.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from galleria.models.city.raw import FROM_ZONE, KM_PER_DEGREE, Floats, RawRoads, eastward, great_circle_km
from galleria.models.city.road_faults import road_faults
from galleria.models.city.roads import Roads
from galleria.models.city.settings import SpeedTable
from galleria.models.city.unit_faults import length_faults, time_faults
from galleria.models.errors import UsageError

KPH_TO_KM_PER_S = 1 / 3600
COINCIDE_KM = 0.002
"""Ends so near are one junction: an edge between them may have no length."""
TIME_MISFIT = 0.1
"""Share by which a stated time may differ from length over speed and still come from it."""
LISTED = 12


def repair(raw: RawRoads, speeds: SpeedTable, second_part_share: float) -> tuple[Roads, tuple[str, ...]]:
    """Make drivable roads of roads as read, and keep the part in which every node reaches every other.

    Parameters
    ----------
    raw
        The roads as a reader gives them.
    speeds
        Speeds by class for edges without one.
    second_part_share
        Refuse a graph whose second strongly connected part exceeds this share of the first.

    Returns
    -------
    tuple[Roads, tuple[str, ...]]
        The largest strongly connected part, and what was mended or dropped, as sentences.

    Raises
    ------
    UsageError
        With all faults of the file: missing or swapped coordinates, negative lengths; or when it is two towns.
    """
    raw, length_km, time_s, said = _mend(raw, speeds)
    keep = _largest_part(raw, second_part_share, said.append)
    return _assemble(raw, keep, length_km, time_s), tuple(said)


def repair_whole(raw: RawRoads, speeds: SpeedTable) -> Roads:
    """Make drivable roads of roads as read and keep all of them, reachable or not."""
    raw, length_km, time_s, _ = _mend(raw, speeds)
    return _assemble(raw, np.ones(len(raw.node_id), dtype=bool), length_km, time_s)


def _mend(raw: RawRoads, speeds: SpeedTable) -> tuple[RawRoads, Floats, Floats, list[str]]:
    """Refuse what cannot be mended; return the roads with length (km) and time (s) of every edge, and what was done."""
    faults = list(road_faults(raw))
    if faults:
        listed = faults[0] if len(faults) == 1 else " ".join(f"({k}) {fault}" for k, fault in enumerate(faults, 1))
        raise UsageError(f"{raw.source}{':' if len(faults) == 1 else f' has {len(faults)} faults:'} {listed}")
    said: list[str] = list(raw.notes)
    raw = _without_self_loops(raw, said.append)
    crow_km = crow_flies_km(raw)
    wrong = [*length_faults(raw.length_m / 1000, crow_km, fits=_fits(raw)), *time_faults(raw)]
    if wrong:
        raise UsageError(f"{raw.source}: {' '.join(wrong)}")
    length_km = _lengths(raw, crow_km, said.append)
    return raw, length_km, _times(raw, length_km, speeds, said.append), said


def _fits(raw: RawRoads) -> bool:
    """Say whether lengths can be held against coordinates: not on a torus, nor in a network drawn freely."""
    return raw.frame == "map"


def crow_flies_km(raw: RawRoads) -> Floats:
    """Measure the straight distance (km, float64 [m]) between the ends of each edge."""
    if raw.unit == "degrees":
        return great_circle_km(raw.x[raw.tail], raw.y[raw.tail], raw.x[raw.head], raw.y[raw.head])
    return np.hypot(raw.x[raw.tail] - raw.x[raw.head], raw.y[raw.tail] - raw.y[raw.head]) / 1000


def _without_self_loops(raw: RawRoads, say: Callable[[str], None]) -> RawRoads:
    keep = raw.tail != raw.head
    if keep.all():
        return raw
    say(f"{(~keep).sum():,} self-loops (edges from a node to itself) were dropped: no fastest path uses one.")
    return raw.only_edges(keep)


def _lengths(raw: RawRoads, crow_km: Floats, say: Callable[[str], None]) -> Floats:
    length_km = raw.length_m / 1000
    unknown = ~np.isfinite(length_km)
    # no length was measured where it is zero between ends apart, or far below the straight line
    nothing = (
        ~unknown & (crow_km > COINCIDE_KM) & (length_km < 0.01 * crow_km) if _fits(raw) else np.zeros_like(unknown)
    )
    missing = unknown | nothing
    if missing.any():
        straight = length_km.copy()
        for k in np.flatnonzero(missing):
            shape = raw.shapes.get(int(k))
            straight[k] = crow_km[k] if shape is None else _shape_km(raw, shape)
        length_km = straight
    if unknown.any():
        say(f"{unknown.sum():,} edges had no length; it was measured along their coordinates.")
    if nothing.any():
        say(
            f"{nothing.sum():,} edges state a length of zero or next to it although their ends lie apart; it was "
            "measured along their coordinates."
        )
    zero = length_km == 0
    if zero.any():
        say(f"{zero.sum():,} edges have length zero; they were kept and cost no time.")
    short = ~missing & (length_km < 0.98 * crow_km - 0.002)
    if short.any() and raw.frame != "own":  # a torus is shorter than it looks
        say(f"{short.sum():,} edges are shorter than the straight line between their ends; kept as stated.")
    return length_km


def _shape_km(raw: RawRoads, shape: Floats) -> float:
    x, y = shape[:, 0], shape[:, 1]
    if raw.unit == "degrees":
        return float(great_circle_km(x[:-1], y[:-1], x[1:], y[1:]).sum())
    return float(np.hypot(np.diff(x), np.diff(y)).sum() / 1000)


def _times(raw: RawRoads, length_km: Floats, speeds: SpeedTable, say: Callable[[str], None]) -> Floats:
    """Take speed where stated, else time where stated, else the class's speed."""
    kph = np.where(raw.speed_kph > 0, raw.speed_kph, np.nan)
    by_speed = length_km / (kph * KPH_TO_KM_PER_S)
    stated = np.where((raw.time_s > 0) | ((raw.time_s == 0) & (length_km == 0)), raw.time_s, np.nan)
    # times that programs compute from the speed differ by their rounding; others were put in on purpose
    apart = np.abs(stated - by_speed) > np.maximum(TIME_MISFIT * by_speed, 1.0)
    if apart.any():
        say(
            f"{apart.sum():,} edges state a time that differs from their length at their speed; the time was taken "
            f"(typically {float(np.median(stated[apart] / by_speed[apart])):.2g} times as long)."
        )
        by_speed = np.where(apart, np.nan, by_speed)
    table = np.array([speeds.kph.get(name, speeds.other) for name in raw.road_class])
    untagged = ~np.isfinite(by_speed) & ~np.isfinite(stated)
    time_s = np.where(
        np.isfinite(by_speed), by_speed, np.where(untagged, length_km / (table * KPH_TO_KM_PER_S), stated)
    )
    if untagged.any():
        say(f"{untagged.sum():,} of {untagged.size:,} edges had no speed; it was taken from the table of road classes.")
    unlisted = sorted({name for name, none in zip(raw.road_class, untagged, strict=True) if none} - set(speeds.kph))
    if unlisted:
        some = ", ".join(unlisted[:LISTED]) + f" and {len(unlisted) - LISTED:,} more" * (len(unlisted) > LISTED)
        say(f"The road classes {some} are not in the table; they got {speeds.other:g} km/h.")
    driven = length_km > 0
    implied = np.divide(length_km * 3600, time_s, out=np.full_like(time_s, speeds.plausible_from), where=driven)
    odd = driven & ((implied > speeds.plausible_to) | (implied < speeds.plausible_from))
    if odd.any():
        say(
            f"{odd.sum():,} edges have an implausible speed (outside {speeds.plausible_from:g} to "
            f"{speeds.plausible_to:g} km/h, up to {implied[odd].max():.1f}); kept as stated."
        )
    return time_s


def _largest_part(raw: RawRoads, second_part_share: float, say: Callable[[str], None]) -> NDArray[np.bool_]:
    n = len(raw.node_id)
    through = np.ones(raw.tail.size, dtype=bool)
    dead_end = np.zeros(n, dtype=bool)
    dead_end[raw.tail[[name.endswith(FROM_ZONE) for name in raw.road_class]]] = True
    through &= ~(dead_end[raw.tail] | dead_end[raw.head])
    links = csr_array((np.ones(through.sum(), dtype=np.int8), (raw.tail[through], raw.head[through])), shape=(n, n))
    parts, label = connected_components(links, directed=True, connection="strong")
    if n == 1 or not raw.tail.size:
        raise UsageError(
            f"{raw.source} leaves no road between two nodes, so there is nowhere to drive. Export a graph with streets."
        )
    if parts == 1:
        return np.ones(n, dtype=bool)
    members = np.bincount(label[~dead_end], minlength=parts)
    size = np.sort(members)[::-1]
    if size[1] > second_part_share * size[0]:
        raise UsageError(
            f"{raw.source} is two towns: the largest part in which every node can be reached from every other holds "
            f"{size[0]:,} of {n:,} nodes, the next {size[1]:,}, and no path leads from mall to homes between them. "
            "Join the parts by the missing roads, or cut the file to the one you want."
        )
    keep = (label == members.argmax()) & ~dead_end
    if dead_end.any():
        # a zone belongs where roads lead both to it and from it
        out, into = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
        out[raw.tail[keep[raw.head]]] = True
        into[raw.head[keep[raw.tail]]] = True
        keep |= dead_end & out & into
        if keep.all():
            return np.asarray(keep)
    inside = keep[raw.tail] & keep[raw.head]
    say(
        f"{(~keep).sum():,} of {n:,} nodes and {(~inside).sum():,} of {inside.size:,} edges lie outside the largest "
        "strongly connected part (no way in, or no way out) and were dropped."
    )
    return np.asarray(keep)


def _assemble(raw: RawRoads, keep: NDArray[np.bool_], length_km: Floats, time_s: Floats) -> Roads:
    row = (np.cumsum(keep) - 1).astype(np.int32)
    edge = np.flatnonzero(keep[raw.tail] & keep[raw.head])
    names, coded = np.unique(np.array(raw.road_class, dtype=np.str_)[edge], return_inverse=True)
    x, y = raw.x[keep], raw.y[keep]
    project = _projection(raw, x, y)
    x_km, y_km = project(x, y)
    shapes = [project(s[1:-1, 0], s[1:-1, 1]) if (s := raw.shapes.get(int(k))) is not None else None for k in edge]
    counts = np.array([0 if s is None else s[0].size for s in shapes], dtype=np.int32)
    nowhere = np.full(x.size, np.nan)
    return Roads(
        node_id=np.array(raw.node_id, dtype=np.str_)[keep],
        node_x_km=x_km,
        node_y_km=y_km,
        node_lon=x if raw.unit == "degrees" else nowhere,
        node_lat=y if raw.unit == "degrees" else nowhere,
        edge_u=row[raw.tail[edge]],
        edge_v=row[raw.head[edge]],
        edge_length_km=length_km[edge],
        edge_time_s=time_s[edge],
        edge_lanes=raw.lanes[edge],
        edge_class=coded.astype(np.int32),
        class_names=tuple(str(name) for name in names),
        shape_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        shape_x_km=np.concatenate([np.empty(0), *(s[0] for s in shapes if s is not None)]),
        shape_y_km=np.concatenate([np.empty(0), *(s[1] for s in shapes if s is not None)]),
    )


def _projection(raw: RawRoads, x: Floats, y: Floats) -> Callable[[Floats, Floats], tuple[Floats, Floats]]:
    """Choose how coordinates of the source become kilometres from the lower left of the kept nodes."""
    if raw.unit == "degrees":
        middle = np.radians((y.min() + y.max()) / 2)
        per_lon, lowest_lon, lowest_lat = KM_PER_DEGREE * np.cos(middle), eastward(x).min(), y.min()
        crosses = lowest_lon > x.min()
        return lambda lon, lat: (
            ((np.where(lon < 0, lon + 360, lon) if crosses else lon) - lowest_lon) * per_lon,
            (lat - lowest_lat) * KM_PER_DEGREE,
        )
    west, south = (0.0, 0.0) if raw.frame == "own" else (float(x.min()), float(y.min()))
    return lambda east, north: ((east - west) / 1000, (north - south) / 1000)
