"""Times of a road graph fitted to known drive times: one factor a road class, by least squares.

Free flow at the speeds of a map leaves out signals, turns and parking; a table of drive times (of a navigation service,
of one's own trips) says what they cost on the whole. Paths are those of the fitted times, so fit and paths are found in
turns.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import lsq_linear
from scipy.sparse.csgraph import dijkstra

from galleria.models.city.raw import Floats, Ints, find_rows
from galleria.models.city.readers.csv_text import numbers, read_table
from galleria.models.city.roads import Roads
from galleria.models.errors import UsageError

LOWEST, HIGHEST = 0.5, 5.0
"""Factors outside are errors of the table or of the graph, not of its speeds."""
OWN_PAIRS = 5
"""Pairs that must drive on a class before it gets a factor of its own."""
ROUNDS, SETTLED = 12, 1e-4


@dataclass(frozen=True, eq=False)
class DriveTimes:
    """Known drive times of n pairs: int32 [n] rows of nodes and float64 [n] seconds."""

    source: str
    origin: Ints
    destination: Ints
    seconds: Floats


def read_drive_times(path: Path, roads: Roads) -> DriveTimes:
    """Read a CSV with the columns origin, destination (ids of nodes as in the road file) and minutes.

    Raises
    ------
    UsageError
        When a column is missing, a node is not among the roads, or minutes are no number above zero.
    """
    mend = "A table of drive times has node ids as in the road file, and minutes."
    table = read_table(path, ("origin", "destination", "minutes"), mend)
    row = {str(name): k for k, name in enumerate(roads.node_id)}
    origin, destination = (find_rows(table[name].tolist(), row) for name in ("origin", "destination"))
    minutes = numbers(table, "minutes")
    odd = (origin < 0) | (destination < 0) | ~(minutes > 0) | ~np.isfinite(minutes) | (origin == destination)
    if odd.any() or not len(table):
        first = int(np.flatnonzero(odd)[0]) if odd.any() else -1
        held = "it has no rows" if first < 0 else f"line {first + 2} is ({', '.join(map(str, table.iloc[first]))})"
        raise UsageError(f"{path}: {odd.sum():,} rows are no drive times between two reachable nodes; {held}. {mend}")
    return DriveTimes(str(path), origin, destination, minutes * 60)


def fit_times(roads: Roads, known: DriveTimes) -> tuple[Roads, tuple[str, ...]]:
    """Multiply the times of each road class so that fastest paths take as long as they are known to.

    Least squares over pairs, factors between `LOWEST` and `HIGHEST`; classes that fewer than `OWN_PAIRS` pairs drive on
    share one factor.

    Parameters
    ----------
    roads
        The road network at the times of the map.
    known
        What some trips take.

    Returns
    -------
    tuple[Roads, tuple[str, ...]]
        The network at the fitted times, and sentences on factors and on what is left.

    Raises
    ------
    UsageError
        When no path joins a pair.
    """
    factor = np.full(len(roads.class_names), 1.0)
    before = by_class_s(roads, known).sum(axis=1) - known.seconds
    group = np.zeros(factor.size, dtype=np.intp)
    for _ in range(ROUNDS):
        now = replace(roads, edge_time_s=roads.edge_time_s * factor[roads.edge_class])
        free_s = by_class_s(now, known) / factor
        group = _groups(free_s)
        members = group[:, None] == np.arange(group.max() + 1)
        found = lsq_linear(free_s @ members, known.seconds, bounds=(LOWEST, HIGHEST)).x[group]
        moved, factor = np.abs(found - factor).max(), found
        if moved < SETTLED:
            break
    fitted = replace(roads, edge_time_s=roads.edge_time_s * factor[roads.edge_class])
    left = by_class_s(fitted, known).sum(axis=1) - known.seconds
    return fitted, (_said_factors(roads, known, factor, group), _said_left(roads, known, before, left))


def by_class_s(roads: Roads, known: DriveTimes) -> Floats:
    """Return the seconds that fastest paths spend on each road class, float64 [pairs, classes]."""
    best = roads.best_by(roads.edge_time_s, roads.edge_length_km)
    code = roads.edge_u[best].astype(np.int64) * roads.nodes + roads.edge_v[best]
    search, start = roads.search(roads.fastest())
    node_of = np.concatenate([np.arange(roads.nodes), roads.dead_ends()]).astype(np.intp)
    spent = np.zeros((known.seconds.size, len(roads.class_names)))
    for origin in np.unique(known.origin):
        _, came_from = dijkstra(search, indices=start[origin], return_predecessors=True)
        for k in np.flatnonzero(known.origin == origin):
            edges = best[np.searchsorted(code, _codes(came_from, int(known.destination[k]), roads, node_of))]
            if not edges.size:
                names = roads.node_id[origin], roads.node_id[known.destination[k]]
                raise UsageError(
                    f"{known.source}: no path leads from node {names[0]} to node {names[1]}. Remove the pair."
                )
            np.add.at(spent[k], roads.edge_class[edges], roads.edge_time_s[edges])
    return spent


def _codes(came_from: NDArray[np.int32], node: int, roads: Roads, node_of: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return the numbers of the edges of the path that ends at a node; none where it was not reached."""
    codes = []
    while (tail := int(came_from[node])) >= 0:
        codes.append(int(node_of[tail]) * roads.nodes + int(node_of[node]))
        node = tail
    return np.array(codes, dtype=np.int64)


def _groups(free_s: Floats) -> NDArray[np.intp]:
    """Return numbers of classes that get a factor of their own; the others share the last."""
    own = (free_s > 0).sum(axis=0) >= OWN_PAIRS
    return np.where(own, np.cumsum(own) - 1, own.sum()).astype(np.intp)


def _said_factors(roads: Roads, known: DriveTimes, factor: Floats, group: NDArray[np.intp]) -> str:
    counts = np.bincount(group)
    parts = [f"{name} x {factor[k]:.2f}" for k, name in enumerate(roads.class_names) if counts[group[k]] == 1]
    shared = [k for k in range(factor.size) if counts[group[k]] > 1]
    if shared:
        parts.append(f"other classes x {factor[shared[0]]:.2f}")
    return (
        f"Times were fitted to {known.seconds.size:,} drive times of {known.source} by a factor a road class: "
        f"{', '.join(parts)}."
    )


def _said_left(roads: Roads, known: DriveTimes, before: Floats, left: Floats) -> str:
    worst = int(np.abs(left).argmax())
    rms, was = (float(np.sqrt(np.mean(each**2))) / 60 for each in (left, before))
    return (
        f"What is left of them: {rms:.2f} min (root mean square; {was:.2f} before), mean {left.mean() / 60:+.2f} min, "
        f"at most {left[worst] / 60:+.2f} min from node {roads.node_id[known.origin[worst]]} to "
        f"{roads.node_id[known.destination[worst]]}."
    )
