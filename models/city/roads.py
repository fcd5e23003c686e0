"""The road network a city keeps: one strongly connected part, every edge with a length and a time."""

from dataclasses import dataclass

import networkx as nx
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from galleria.models.city.raw import FROM_ZONE, Floats, Ints


@dataclass(frozen=True, eq=False)
class Roads:
    """A strongly connected directed road graph with n nodes and m edges.

    Parameters
    ----------
    node_id
        str[n], names of the nodes in the file they came from.
    node_x_km, node_y_km
        float64 [n], position in the city's own frame (km, origin at the lower left).
    node_lon, node_lat
        float64 [n], degrees; nan for generated cities.
    edge_u, edge_v
        int32 [m], rows of the nodes an edge leads from and to.
    edge_length_km
        float64 [m].
    edge_time_s
        float64 [m], free-flow travel time.
    edge_lanes
        float64 [m], lanes in the direction of the edge, nan where unknown.
    edge_class
        int32 [m], position in `class_names`.
    class_names
        Road classes in OpenStreetMap's words; those that end with `FROM_ZONE` leave a dead end.
    shape_start
        int32 [m + 1]: the points of edge k between its ends are rows shape_start[k] to shape_start[k + 1].
    shape_x_km, shape_y_km
        float64[...], those points; edges without any are straight.
    """

    node_id: NDArray[np.str_]
    node_x_km: Floats
    node_y_km: Floats
    node_lon: Floats
    node_lat: Floats
    edge_u: Ints
    edge_v: Ints
    edge_length_km: Floats
    edge_time_s: Floats
    edge_lanes: Floats
    edge_class: Ints
    class_names: tuple[str, ...]
    shape_start: Ints
    shape_x_km: Floats
    shape_y_km: Floats

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return self.node_x_km.size

    @property
    def edges(self) -> int:
        """Number of directed edges."""
        return self.edge_u.size

    def distances(self, weight: sp.csr_array, origins: Ints | int) -> Floats:
        """Return the least weight from origins (rows of nodes) to every node, float64 [origins, n] or [n].

        Parameters
        ----------
        weight
            By (from, to), as `fastest` and `shortest` give it.
        origins
            Rows of nodes.
        """
        search, start = self.search(weight)
        found = np.asarray(dijkstra(search, indices=start[origins]))[..., : self.nodes]
        found[(np.arange(np.size(origins)), origins) if np.ndim(origins) else origins] = 0.0
        return found

    def search(self, weight: sp.csr_array) -> tuple[sp.csr_array, NDArray[np.intp]]:
        """Return a matrix in which no path leads through dead ends, and the row where paths from each node start.

        The edges that leave a dead end hang on a row of their own, beyond the n nodes, which no edge enters.
        """
        start = np.arange(self.nodes)
        ends = self.dead_ends()
        if not ends.size:
            return weight, start
        start[ends] = self.nodes + np.arange(ends.size)
        entries = weight.tocoo()
        tail = start[entries.coords[0]]
        size = self.nodes + ends.size
        return sp.csr_array((entries.data, (tail, entries.coords[1])), shape=(size, size)), start

    def dead_ends(self) -> Ints:
        """Return the rows of nodes (zones of a TNTP network) where paths start and end but none leads through."""
        leaving = [k for k, name in enumerate(self.class_names) if name.endswith(FROM_ZONE)]
        return np.unique(self.edge_u[np.isin(self.edge_class, leaving)])

    def fastest(self) -> sp.csr_array:
        """Return seconds by (from, to), the fastest of parallel edges, zero-length ones included."""
        return self._matrix(self.edge_time_s, self.best_by(self.edge_time_s, self.edge_length_km))

    def fastest_km(self) -> sp.csr_array:
        """Return the length (km) of the edge that `fastest` kept, in the same order of entries."""
        return self._matrix(self.edge_length_km, self.best_by(self.edge_time_s, self.edge_length_km))

    def shortest(self) -> sp.csr_array:
        """Return kilometres by (from, to), the shortest of parallel edges."""
        return self._matrix(self.edge_length_km, self.best_by(self.edge_length_km, self.edge_time_s))

    def classes_touching(self, names: set[str]) -> NDArray[np.bool_]:
        """Mark the edges (bool [m]) whose class is one of the names."""
        wanted = np.array([name in names for name in self.class_names], dtype=bool)
        return wanted[self.edge_class]

    def street_km_by_node(self, edges: NDArray[np.bool_]) -> Floats:
        """Share the length (km) of the marked edges between their ends, float64 [n]."""
        half = np.where(edges, self.edge_length_km / 2, 0.0)
        return np.bincount(self.edge_u, half, self.nodes) + np.bincount(self.edge_v, half, self.nodes)

    def to_networkx(self) -> "nx.MultiDiGraph[int]":
        """Build the NetworkX graph, attributes named as OSMnx does (`length` in metres, `travel_time` in s)."""
        graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="local, km")
        for k in range(self.nodes):
            graph.add_node(
                k,
                id=str(self.node_id[k]),
                x=float(self.node_x_km[k]),
                y=float(self.node_y_km[k]),
                lon=float(self.node_lon[k]),
                lat=float(self.node_lat[k]),
            )
        for k in range(self.edges):
            graph.add_edge(
                int(self.edge_u[k]),
                int(self.edge_v[k]),
                length=float(self.edge_length_km[k] * 1000),
                travel_time=float(self.edge_time_s[k]),
                highway=self.class_names[self.edge_class[k]],
            )
        return graph

    def best_by(self, first: Floats, second: Floats) -> NDArray[np.intp]:
        """Choose one edge (row) for each (from, to): least `first`, then least `second`."""
        order = np.lexsort((second, first, self.edge_v, self.edge_u))
        u, v = self.edge_u[order], self.edge_v[order]
        leads = np.ones(order.size, dtype=bool)
        leads[1:] = (u[1:] != u[:-1]) | (v[1:] != v[:-1])
        return order[leads]

    def _matrix(self, weight: Floats, rows: NDArray[np.intp]) -> sp.csr_array:
        start = np.zeros(self.nodes + 1, dtype=np.int32)
        np.cumsum(np.bincount(self.edge_u[rows], minlength=self.nodes), out=start[1:])
        return sp.csr_array((weight[rows], self.edge_v[rows], start), shape=(self.nodes, self.nodes))
