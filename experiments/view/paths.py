"""Ways along the roads between places, as the few points at which they bend or change their pace."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numba import njit
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from galleria.agents.kernel.arrays import Floats, Ints
from galleria.models.city import City

type Way = tuple[int, int]
"""From a place to a place."""
type Points = np.ndarray
"""float64 [n, 3], m east, m north, and the share of the driving time that has passed, from 0 to 1."""

_TOLERANCE_M = 25.0
"""How far off its road a driver may be drawn: less than the width of a dot."""
_AT_ONCE = 64
"""Trees of fastest paths that are worked out together."""


@dataclass
class Paths:
    """The fastest ways between places of a city, kept as they are asked for.

    Parameters
    ----------
    city
        The city.
    """

    city: City
    _known: dict[Way, Points] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read what all ways share."""
        roads = self.city.roads
        self._forth = roads.fastest()
        self._back = csr_array(self._forth.T)
        quickest = np.lexsort((roads.edge_length_km, roads.edge_time_s))[::-1]
        ends = zip(roads.edge_u[quickest].tolist(), roads.edge_v[quickest].tolist(), strict=True)
        self._edge = dict(zip(ends, quickest.tolist(), strict=True))

    def between(self, ways: Iterable[Way]) -> dict[Way, Points]:
        """Return the points of each way; a way to where one is has one point."""
        asked = list(dict.fromkeys(ways))
        new = [way for way in asked if way not in self._known]
        for node, mine, forth in _by_tree(new):
            self._trace(node, mine, forth=forth)
        return {way: self._known[way] for way in asked}

    def _trace(self, places: list[int], ways: list[list[Way]], *, forth: bool) -> None:
        """Follow the ways that begin (or end) at each of some places through its tree of fastest paths."""
        node = self.city.places.node
        graph = self._forth if forth else self._back
        _, before = dijkstra(graph, indices=node[places], return_predecessors=True)
        for tree, mine in zip(before, ways, strict=True):
            for origin, goal in mine:
                at, root = (int(node[goal]), int(node[origin])) if forth else (int(node[origin]), int(node[goal]))
                met = [at]
                while at != root and at >= 0:
                    at = int(tree[at])
                    met.append(at)
                self._known[origin, goal] = self._points(met[::-1] if forth else met)

    def _points(self, nodes: list[int]) -> Points:
        """Return the points of a way through road nodes, those left out that a straight line passes closely."""
        roads = self.city.roads
        edges = np.array([self._edge[ends] for ends in pairwise(nodes)], dtype=int)
        x, y = roads.node_x_km[nodes], roads.node_y_km[nodes]
        now_s = np.concatenate([[0.0], np.cumsum(roads.edge_time_s[edges])])
        start, end = roads.shape_start[edges], roads.shape_start[edges + 1]
        if (end > start).any():
            x, y, now_s = self._bent(x, y, now_s, np.column_stack([start, end]))
        metres = np.column_stack([x, y]) * 1000
        whole_s = max(float(now_s[-1]), 1e-9)
        whole_m = float(np.hypot(*np.diff(metres, axis=0).T).sum())
        points = np.column_stack([metres, now_s / whole_s])
        kept: Points = points[_bends(points * [1, 1, whole_m], _TOLERANCE_M)]
        return kept

    def _bent(self, x: Floats, y: Floats, now_s: Floats, shapes: Ints) -> tuple[Floats, Floats, Floats]:
        """Put in the points of edges between their ends, passed at an even pace, x and y in km."""
        roads = self.city.roads
        parts = []
        for k, (start, end) in enumerate(shapes.tolist()):
            inner = [roads.shape_x_km[start:end], roads.shape_y_km[start:end]]
            line = np.column_stack(
                [np.concatenate([[c[k]], i, [c[k + 1]]]) for c, i in zip((x, y), inner, strict=True)]
            )
            step = np.hypot(*np.diff(line, axis=0).T)
            share = np.concatenate([[0.0], np.cumsum(step)[:-1]]) / max(float(step.sum()), 1e-9)
            parts.append(np.column_stack([line[:-1], now_s[k] + share * (now_s[k + 1] - now_s[k])]))
        last = [[x[-1], y[-1], now_s[-1]]]
        columns = np.concatenate([*parts, last]).T
        return columns[0], columns[1], columns[2]


def _by_tree(ways: list[Way]) -> Iterable[tuple[list[int], list[list[Way]], bool]]:
    """Share ways out between trees of fastest paths, from where they begin or to where they end, as few as will do."""
    begins, ends = ({}, {}) if not ways else (_counted([w[0] for w in ways]), _counted([w[1] for w in ways]))
    for forth in (True, False):
        trees: dict[int, list[Way]] = {}
        for way in ways:
            if (begins[way[0]] >= ends[way[1]]) == forth:
                trees.setdefault(way[0] if forth else way[1], []).append(way)
        roots = list(trees)
        for start in range(0, len(roots), _AT_ONCE):
            some = roots[start : start + _AT_ONCE]
            yield some, [trees[root] for root in some], forth


def _counted(places: list[int]) -> dict[int, int]:
    found, count = np.unique(places, return_counts=True)
    return dict(zip(found.tolist(), count.tolist(), strict=True))


@njit(cache=True)
def _bends(points: np.ndarray, tolerance: float) -> np.ndarray:
    """Return which points to keep, bool [n], so that none is further from the line than the tolerance.

    Ramer (1972), Douglas and Peucker (1973), in space and time together: also where the pace changes is a bend.
    """
    n = len(points)
    kept = np.zeros(n, np.bool_)
    kept[0] = kept[n - 1] = True
    stack = [(0, n - 1)]
    while stack:
        low, high = stack.pop()
        along = points[high] - points[low]
        length = (along * along).sum()
        worst, at = tolerance * tolerance, -1
        for k in range(low + 1, high):
            off = points[k] - points[low]
            share = 0.0 if length == 0 else min(1.0, max(0.0, (off * along).sum() / length))
            gap = off - share * along
            far = (gap * gap).sum()
            if far > worst:
                worst, at = far, k
        if at >= 0:
            kept[at] = True
            stack.append((low, at))
            stack.append((at, high))
    return kept
