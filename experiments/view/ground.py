"""The ground of the live city for the page: roads by class, zones, and where goods come from."""

from typing import Any

import numpy as np

from galleria.experiments.figures.city_overview import WIDTHS, edge_lines
from galleria.models.city import City, Site


def ground_of(city: City) -> dict[str, Any]:
    """Return what the page draws of a city, lengths in whole metres.

    Parameters
    ----------
    city
        The city.
    """
    return {
        "name": city.name,
        "classes": [
            {"name": name, "width": WIDTHS.get(name.removesuffix("_link"), 0.45)} for name in city.roads.class_names
        ],
        "roads": _roads(city),
        "places": _metres(np.column_stack([city.places.x_km, city.places.y_km])),
        "zone_of_place": city.places.zone.tolist(),
        "zones": [_metres(np.column_stack(city.zones.outline(zone))) for zone in range(city.zones.n)],
        "zone_names": city.zones.label.tolist(),
        "sites": [
            *_sites("mall", city.malls),
            *_sites("warehouse", city.warehouses),
            *_sites("big box", city.big_boxes),
        ],
    }


def _roads(city: City) -> list[list[list[int]]]:
    """Return the streets of each class, each a flat list of points; a two-way street once."""
    roads = city.roads
    there = set(zip(roads.edge_u.tolist(), roads.edge_v.tolist(), strict=True))
    drawn: list[list[list[int]]] = [[] for _ in roads.class_names]
    for k, line in enumerate(edge_lines(city)):
        u, v = int(roads.edge_u[k]), int(roads.edge_v[k])
        if len(line) and (u < v or (v, u) not in there):
            drawn[int(roads.edge_class[k])].append(_metres(line))
    return drawn


def _sites(kind: str, sites: tuple[Site, ...]) -> list[dict[str, Any]]:
    return [{"name": site.name, "kind": kind, "place": site.place} for site in sites]


def _metres(points_km: np.ndarray) -> list[int]:
    flat: list[int] = np.rint(points_km * 1000).astype(int).ravel().tolist()
    return flat
