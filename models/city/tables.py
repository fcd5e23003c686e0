"""Travel tables: time and distance between all places along the fastest paths, exact, kept in two bytes each."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from joblib import Parallel, cpu_count, delayed
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.csgraph import dijkstra

from galleria.models.city.raw import Floats, Ints
from galleria.models.city.roads import Roads
from galleria.models.errors import UsageError

TIME_STEPS_S = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
DISTANCE_STEPS_KM = (0.001, 0.002, 0.005, 0.01)
LARGEST = np.iinfo(np.uint16).max
SMALL_WORK = 10_000_000
"""Below so many (place, node) pairs a second process costs more than it saves."""
CHUNK = 4_000_000
"""Pairs (place, node) searched at once: about 100 MB of working memory."""


@dataclass(frozen=True, eq=False)
class TravelTable:
    """An n by n table in steps of `resolution` (in `unit`); row the origin, column the destination."""

    values: NDArray[np.uint16]
    resolution: float
    unit: str

    def at(self, a: ArrayLike, b: ArrayLike) -> Floats:
        """Look up origins a and destinations b (rows of places, broadcast), in `unit`."""
        return np.asarray(self.values[np.asarray(a), np.asarray(b)] * self.resolution, dtype=np.float64)


def compute_tables(
    roads: Roads, node: Ints, folder: Path, *, progress: bool, legs: tuple[Floats, Floats] | None = None
) -> tuple[TravelTable, TravelTable]:
    """Compute the tables of time (s) and distance (km) and leave them as `time.npy` and `distance.npy` in a folder.

    Parameters
    ----------
    roads
        The road network, strongly connected.
    node
        int32 [n], the road node of each place.
    folder
        Where the tables go; the exact values wait there as float32 until the resolution is known.
    progress
        Show a progress bar.
    legs
        float64 [h], s, and [h], km, that every way from or to one of the first h places has besides; None for none.
    """
    size = (node.size, node.size)
    exact = [np.lib.format.open_memmap(folder / f"{name}.exact.npy", "w+", np.float32, size) for name in ("s", "km")]
    search = PathSearch(roads)
    rows = max(1, CHUNK // roads.nodes)
    chunks = [slice(first, min(first + rows, node.size)) for first in range(0, node.size, rows)]
    workers = 1 if roads.nodes * node.size < SMALL_WORK else min(cpu_count(), len(chunks))
    from rich.progress import track  # noqa: PLC0415 (slow to import)

    with Parallel(n_jobs=workers, return_as="generator_unordered", max_nbytes=None) as run:
        done = run(delayed(_search_chunk)(search, node, chunk) for chunk in chunks)
        for chunk, time_s, km in track(done, "Travel tables", len(chunks), disable=not progress):
            exact[0][chunk], exact[1][chunk] = time_s, km
    if legs is not None:
        for table, leg in zip(exact, legs, strict=True):
            _add_legs(table, np.append(leg, np.zeros(node.size - leg.size)))
    tables = (
        _round(exact[0], folder / "time.npy", TIME_STEPS_S, "s"),
        _round(exact[1], folder / "distance.npy", DISTANCE_STEPS_KM, "km"),
    )
    del exact
    for name in ("s", "km"):
        (folder / f"{name}.exact.npy").unlink()
    return tables


class PathSearch:
    """Fastest paths on a road network, prepared once: the graph and, for each node, its edges by entry order.

    Parameters
    ----------
    roads
        The road network.
    """

    def __init__(self, roads: Roads) -> None:
        self.nodes = roads.nodes
        self.seconds, self.start = roads.search(roads.fastest())
        into = roads.fastest_km().tocsc()
        entries = np.diff(into.indptr)
        widest = int(entries.max(initial=0))
        slot = np.arange(into.indices.size) - np.repeat(into.indptr[:-1], entries)
        head = np.repeat(np.arange(roads.nodes), entries)
        self.tail: NDArray[np.int32] = np.full((widest, roads.nodes), -1, dtype=np.int32)
        self.km: Floats = np.zeros((widest, roads.nodes))
        self.tail[slot, head] = into.indices
        self.km[slot, head] = into.data

    def from_nodes(self, origins: Ints, destinations: Ints) -> tuple[Floats, Floats]:
        """Return seconds and kilometres along the fastest paths, float64 [origins, destinations] each."""
        time_s, came_from = dijkstra(self.seconds, indices=self.start[origins], return_predecessors=True)
        if self.seconds.shape[0] > self.nodes:  # rows beyond the nodes stand for dead ends that paths start from
            time_s, came_from = time_s[:, : self.nodes], came_from[:, : self.nodes]
            node_of = np.argsort(self.start, kind="stable")[-(self.seconds.shape[0] - self.nodes) :].astype(np.int32)
            beyond = came_from >= self.nodes
            came_from[beyond] = node_of[came_from[beyond] - self.nodes]
            time_s[np.arange(origins.size), origins] = 0.0
        km = np.empty((origins.size, destinations.size))
        for k in range(origins.size):
            km[k] = self._length_along(came_from[k], int(origins[k]))[destinations]
        return time_s[:, destinations], km

    def _length_along(self, came_from: NDArray[np.int32], origin: int) -> Floats:
        """Add up edge lengths back to the origin by pointer doubling: every round joins paths twice as long."""
        back = came_from.copy()
        back[origin] = origin
        km = np.zeros(back.size)
        for tail, length in zip(self.tail, self.km, strict=True):
            np.copyto(km, length, where=tail == back)
        km[origin] = 0.0
        while True:
            further = back[back]
            if np.array_equal(further, back):
                return km
            km += km[back]
            back = further


def _add_legs(table: NDArray[np.float32], leg: Floats) -> None:
    """Add the legs of both ends to every way between different places."""
    for k in range(leg.size):
        table[k] += (leg[k] + leg).astype(np.float32)
        table[k, k] = 0.0


def _search_chunk(
    search: PathSearch, node: Ints, chunk: slice
) -> tuple[slice, NDArray[np.float32], NDArray[np.float32]]:
    time_s, km = search.from_nodes(node[chunk], node)
    return chunk, time_s.astype(np.float32), km.astype(np.float32)


def _round(exact: NDArray[np.float32], path: Path, steps: tuple[float, ...], unit: str) -> TravelTable:
    """Write the table in the smallest step that cannot overflow."""
    largest = float(max(row.max() for row in exact))
    if not np.isfinite(largest):
        raise UsageError("Some places cannot reach each other by road, although one connected part was kept.")
    step = next((s for s in steps if largest / s <= LARGEST), None)
    if step is None:
        raise UsageError(
            f"The longest trip between two places is {largest:,.0f} {unit}, more than the {LARGEST * steps[-1]:,.0f} "
            f"{unit} a table can hold. Cut the road graph to the area you study."
        )
    table = np.lib.format.open_memmap(path, "w+", np.uint16, exact.shape)
    for k, row in enumerate(exact):
        table[k] = np.rint(row.astype(np.float64) / step)
    table.flush()
    return TravelTable(table, step, unit)
