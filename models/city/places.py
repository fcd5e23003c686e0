"""Places: the road nodes where households live, stores stand and warehouses load; all movement is between them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from galleria.models.city.raw import Floats, Ints
from galleria.models.city.roads import Roads


@dataclass(frozen=True)
class Site:
    """A mall, warehouse or big-box store: its name and its row in `Places`."""

    name: str
    place: int


@dataclass(frozen=True, eq=False)
class Places:
    """Columns of the n places of a city; the row is also the row of the travel tables.

    Parameters
    ----------
    node
        int32 [n], row of the road node.
    x_km, y_km
        float64 [n], position in the city's own frame.
    lon, lat
        float64 [n], degrees; nan for generated cities.
    zone
        int16[n], row in `Zones`.
    households
        float64 [n], expected households living there; 0 for stores and warehouses.
    """

    node: Ints
    x_km: Floats
    y_km: Floats
    lon: Floats
    lat: Floats
    zone: NDArray[np.int16]
    households: Floats

    @property
    def n(self) -> int:
        """Number of places."""
        return self.node.size


def sample_homes(
    roads: Roads, weight: Floats, places: int, taken: Ints, rng: np.random.Generator
) -> tuple[Ints, Floats]:
    """Choose the road nodes that stand for everybody's home, and the share of the people each stands for.

    Nodes are drawn without replacement with chances that follow their weight (the largest of u^(1/w), Efraimidis
    and Spirakis 2006); every other node's people are counted at the nearest chosen one, so the map of where people
    live is kept.

    Parameters
    ----------
    roads
        The road network.
    weight
        float64 [nodes], people (any unit) living at each road node.
    places
        How many home places to choose; all nodes with people when they are fewer.
    taken
        Nodes of stores and warehouses, avoided while enough others are left.
    rng
        The city's own stream.

    Returns
    -------
    tuple[Ints, Floats]
        int32 [h] nodes in rising order, float64 [h] shares that sum to 1.
    """
    people = np.flatnonzero(weight > 0)
    free = np.setdiff1d(people, taken)
    candidates = free if free.size >= places else people
    if candidates.size > places:
        key = np.log(rng.random(candidates.size)) / weight[candidates]
        candidates = np.sort(candidates[np.argpartition(key, -places)[-places:]])
    tree = cKDTree(np.column_stack([roads.node_x_km[candidates], roads.node_y_km[candidates]]))
    _, nearest = tree.query(np.column_stack([roads.node_x_km[people], roads.node_y_km[people]]))
    households = np.bincount(nearest, weight[people], candidates.size)
    return candidates.astype(np.int32), households / households.sum()
