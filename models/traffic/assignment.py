"""User equilibrium of traffic on a road network: nobody can arrive sooner by taking another path (model 7.8).

Beckmann's convex programme, solved by bi-conjugate Frank-Wolfe (Mitradjieva and Lindberg 2013): all-or-nothing loads
on fastest paths give the direction, made conjugate to the last two with respect to the objective's curvature.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from galleria.models.errors import UsageError

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int32]

ORIGINS_AT_ONCE = 256
"""Shortest-path trees searched together: bounds the working memory."""


@dataclass(frozen=True, eq=False)
class CostFunction:
    """Travel cost of m links: free (1 + b (flow / capacity)^power) + fixed, as the Bureau of Public Roads has it.

    Parameters
    ----------
    free
        float64 [m], time at no flow.
    b, power, capacity
        float64 [m]; capacity in the unit of flow.
    fixed
        float64 [m], tolls and distance in units of time; no flow changes it.
    """

    free: Floats
    b: Floats
    power: Floats
    capacity: Floats
    fixed: Floats

    def cost(self, flow: Floats) -> Floats:
        """Return the cost of each link."""
        return self.free * (1 + self.b * (flow / self.capacity) ** self.power) + self.fixed

    def slope(self, flow: Floats) -> Floats:
        """Return the growth of cost by flow."""
        load = flow / self.capacity
        # a power of zero has no slope; below one it is steep at no flow, where a small flow stands in
        rising = np.maximum(load, 1e-12) ** (self.power - 1)
        return np.asarray(self.free * self.b * self.power * rising / self.capacity)

    def beckmann(self, flow: Floats) -> float:
        """Return Beckmann's objective: the sum of the integrals of cost by flow."""
        load = flow / self.capacity
        return float(np.sum(self.free * flow * (1 + self.b * load**self.power / (self.power + 1)) + self.fixed * flow))


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """An assignment that has come to rest.

    Parameters
    ----------
    flow, cost
        float64 [m], by link.
    objective
        Beckmann's.
    relative_gap
        (total cost - cost if all drove fastest paths at these costs) / total cost.
    iterations
        Loads that were made.
    """

    flow: Floats
    cost: Floats
    objective: float
    relative_gap: float
    iterations: int


class Loader:
    """Loads trips on fastest paths: prepared once for a network, asked in every iteration.

    Parameters
    ----------
    tail, head
        int32 [m], links by node.
    nodes
        Number of nodes.
    trips
        float64 [origins, destinations].
    origin, destination
        Nodes of the rows and columns of `trips`.
    closed
        Nodes that paths may start and end at, but not lead through.
    """

    def __init__(
        self, tail: Ints, head: Ints, nodes: int, trips: Floats, origin: Ints, destination: Ints, closed: Ints
    ) -> None:
        # a closed node is split: links leave from a copy that none enters
        copy = np.arange(nodes, dtype=np.int64)
        copy[closed] = nodes + np.arange(closed.size)
        self._nodes = nodes + closed.size
        self._tail, self._head = copy[tail], head.astype(np.int64)
        order = np.lexsort((self._head, self._tail))
        pair = self._tail[order] * self._nodes + self._head[order]
        self._order, self._first = order, np.flatnonzero(np.concatenate([[True], pair[1:] != pair[:-1]]))
        heads = self._head[order][self._first]
        start = np.searchsorted(self._tail[order][self._first], np.arange(self._nodes + 1))
        self._heads, self._start = heads.astype(np.int32), start.astype(np.int32)
        trips = np.where(origin[:, None] == destination, 0.0, trips)  # trips within a zone take no link
        used = trips.sum(axis=1) > 0
        self._from = copy[origin][used]
        self._to = destination.astype(np.int32)
        self._trips = trips[used]

    def load(self, cost: Floats) -> tuple[Floats, float]:
        """Put all trips on their fastest paths; give float64 [m] flows and the total cost."""
        link = self._cheapest(cost)
        graph = csr_array((cost[link], self._heads, self._start), shape=(self._nodes, self._nodes))
        carried = np.zeros(link.size)
        total = 0.0
        for first in range(0, self._from.size, ORIGINS_AT_ONCE):
            batch = slice(first, first + ORIGINS_AT_ONCE)
            away, back = dijkstra(graph, indices=self._from[batch], return_predecessors=True)
            reached, wanted = away[:, self._to], self._trips[batch]
            if not np.isfinite(reached[wanted > 0]).all():
                raise UsageError("Some trips have no path: an origin cannot reach its destination on this network.")
            total += float(np.sum(np.where(wanted > 0, reached, 0.0) * wanted))
            _climb(back, self._to, wanted, self._start, self._heads, carried)
        flow = np.zeros(cost.size)
        flow[link] = carried
        return flow, total

    def _cheapest(self, cost: Floats) -> NDArray[np.intp]:
        """Choose of parallel links the first of the cheapest."""
        ordered = cost[self._order]
        if self._first.size == ordered.size:
            return self._order
        lowest = np.minimum.reduceat(ordered, self._first)
        group = np.repeat(np.arange(self._first.size), np.diff(np.append(self._first, ordered.size)))
        cheapest = np.flatnonzero(ordered <= lowest[group])
        _, pick = np.unique(group[cheapest], return_index=True)
        return self._order[cheapest[pick]]


@njit(cache=True)
def _climb(
    back: NDArray[np.int32],
    destination: Ints,
    wanted: Floats,
    start: Ints,
    heads: Ints,
    carried: Floats,
) -> None:
    """Carry trips from their destinations up the trees to the roots, adding to the links passed.

    Parameters
    ----------
    back
        int32 [trees, nodes], the node before on the path from the root; negative at the root.
    destination, wanted
        int32 [d] nodes and float64 [trees, d] trips.
    start, heads
        The links of node u are rows start[u] to start[u + 1]; they lead to `heads`.
    carried
        float64 [links], to which is added.
    """
    for tree in range(back.shape[0]):
        for column in range(destination.size):
            trips = wanted[tree, column]
            node = destination[column]
            while trips > 0 and back[tree, node] >= 0:
                above = back[tree, node]
                link = start[above]
                while heads[link] != node:
                    link += 1
                carried[link] += trips
                node = above


def equilibrium(loader: Loader, costs: CostFunction, gap: float, iterations: int) -> Equilibrium:
    """Find the user equilibrium.

    Parameters
    ----------
    loader
        The network and its trips.
    costs
        Cost of each link by its flow.
    gap
        Stop when the relative gap is this small.
    iterations
        Stop after so many loads.
    """
    flow, _ = loader.load(costs.cost(np.zeros_like(costs.free)))
    relative_gap, done = np.inf, 1
    last: list[Floats] = []  # the targets of the last two steps, newest first
    step = 0.0
    while done < iterations:
        cost = costs.cost(flow)
        target, least = loader.load(cost)
        done += 1
        total = float(cost @ flow)
        relative_gap = (total - least) / total if total > 0 else 0.0
        if relative_gap <= gap:
            break
        aim = _conjugate(flow, target, last, step, costs.slope(flow))
        if float(cost @ (aim - flow)) >= 0:  # no longer downhill: begin anew
            aim, last = target, []
        step = _line_search(costs, flow, aim)
        flow = np.maximum(flow + step * (aim - flow), 0.0)
        # after a full step the old targets coincide with the flow and say nothing
        last = [aim, *last[:1]] if step < NEARLY_FULL else []
    cost = costs.cost(flow)
    return Equilibrium(flow, cost, costs.beckmann(flow), max(relative_gap, 0.0), done)


NEARLY_FULL = 0.999


def _conjugate(flow: Floats, target: Floats, last: list[Floats], step: float, slope: Floats) -> Floats:
    """Mix the new target with the last one or two so that directions are conjugate under the curvature `slope`."""
    ahead = target - flow
    if not last:
        return target
    newest = last[0] - flow
    if len(last) == 1:
        against, along = float(newest @ (slope * ahead)), float(newest @ (slope * (ahead - newest)))
        share = np.clip(against / along, 0.0, 0.99) if along != 0 else 0.0
        return np.asarray(share * last[0] + (1 - share) * target)
    older = step * last[0] + (1 - step) * last[1] - flow
    spread = float(older @ (slope * (last[1] - last[0])))
    length = float(newest @ (slope * newest))
    if spread == 0 or length == 0:
        return target
    mu = max(0.0, -float(older @ (slope * ahead)) / spread)
    nu = max(0.0, -float(newest @ (slope * ahead)) / length + mu * step / (1 - step))
    return np.asarray((target + nu * last[0] + mu * last[1]) / (1 + mu + nu))


def _line_search(costs: CostFunction, flow: Floats, aim: Floats) -> float:
    """Find the step (0 to 1) towards `aim` at which the objective's slope is zero, by safeguarded Newton steps."""
    ahead = aim - flow
    low, high = 0.0, 1.0
    if float(costs.cost(aim) @ ahead) <= 0:
        return 1.0
    step = 0.5
    for _ in range(40):
        at = flow + step * ahead
        rise = float(costs.cost(at) @ ahead)
        low, high = (step, high) if rise < 0 else (low, step)
        bend = float((costs.slope(at) * ahead) @ ahead)
        newton = step - rise / bend if bend > 0 else low
        after = newton if low < newton < high else (low + high) / 2
        if abs(after - step) < 1e-12:
            break
        step = after
    return step
