"""A city: roads, places on them, and what it takes to travel between any two."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from galleria.models.city.places import Places, Site
from galleria.models.city.roads import Roads
from galleria.models.city.tables import TravelTable
from galleria.models.city.zones import Zones

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True, eq=False)
class City:
    """Everything a market needs to know of the ground it stands on.

    Parameters
    ----------
    name
        As in the settings.
    key
        Hexadecimal hash of the settings, the files they name and the version of this format.
    area_km2
        Area of the rectangle around all road nodes; of the whole torus for a torus.
    places, zones
        Where people live and stores stand, and the cells of the map.
    malls, warehouses, big_boxes
        Sites, each at a place of its own.
    time
        Seconds of the fastest path at free flow between all places.
    distance
        Kilometres along that fastest path.
    roads
        The road network, for drawing and for traffic.
    report
        What was mended or dropped on the way, as sentences.
    torus_size_km
        Side of the torus, None for a city with borders.
    """

    name: str
    key: str
    area_km2: float
    places: Places
    zones: Zones
    malls: tuple[Site, ...]
    warehouses: tuple[Site, ...]
    big_boxes: tuple[Site, ...]
    time: TravelTable
    distance: TravelTable
    roads: Roads
    report: tuple[str, ...]
    torus_size_km: float | None

    @cached_property
    def graph(self) -> "nx.MultiDiGraph[int]":
        """The road network as a NetworkX graph, built when first asked for."""
        return self.roads.to_networkx()
