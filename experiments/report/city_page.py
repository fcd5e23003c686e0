"""The interactive map of a city: one HTML file that needs nothing else, not even a network."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment

from galleria.experiments.figures.city_overview import WIDTHS, edge_lines, isochrones_min, minutes_from_mall
from galleria.experiments.figures.theme import PLAYERS
from galleria.models.city import City, Site


def write_page(city: City, path: Path) -> None:
    """Write the map.

    Parameters
    ----------
    city
        The city.
    path
        The HTML file.
    """
    template = files("experiments").joinpath("templates", "city.html").read_text(encoding="utf-8")
    page = Environment(autoescape=True).from_string(template)
    # "</" would end the script element that holds the data
    data = json.dumps(_data(city), separators=(",", ":")).replace("</", "<\\/")
    draft = path.with_suffix(".tmp")
    draft.write_text(page.render(name=city.name, data=data), encoding="utf-8")
    draft.replace(path)


def _data(city: City) -> dict[str, Any]:
    """Collect what the page draws: metres as whole numbers, minutes to a tenth."""
    roads = city.roads
    minutes = minutes_from_mall(city)
    one_way = set(zip(roads.edge_u.tolist(), roads.edge_v.tolist(), strict=True))
    lines = edge_lines(city)
    drawn = [
        [
            int(roads.edge_class[k]),
            round(float(max(minutes[u], minutes[v])), 1),
            *np.rint(lines[k] * 1000).astype(int).ravel().tolist(),
        ]
        for k, (u, v) in enumerate(zip(roads.edge_u.tolist(), roads.edge_v.tolist(), strict=True))
        if lines[k].size and (u < v or (v, u) not in one_way)  # a two-way street is drawn once
    ]
    places = city.places
    homes = np.flatnonzero(places.households > 0)
    return {
        "name": city.name,
        "facts": [
            f"{roads.nodes:,} road nodes, {roads.edges:,} edges, {city.area_km2:,.0f} km²",
            f"{places.households.sum():,.0f} households at {homes.size:,} home places, {city.zones.n:,} zones",
        ],
        "report": city.report,
        "classes": [[name, WIDTHS.get(name.removesuffix("_link"), 0.45)] for name in roads.class_names],
        "bands": isochrones_min(minutes),
        "roads": drawn,
        "homes": [
            [round(places.x_km[k] * 1000), round(places.y_km[k] * 1000), round(float(places.households[k]), 1)]
            for k in homes
        ],
        "sites": [
            *_sites(city, "mall", "★", PLAYERS["rivals"], city.malls),
            *_sites(city, "warehouse", "▲", PLAYERS["warehouse"], city.warehouses),
            *_sites(city, "big box", "■", PLAYERS["store_big_box"], city.big_boxes),
        ],
        "zones": [
            np.rint(np.column_stack(city.zones.outline(z)) * 1000).astype(int).tolist() for z in range(city.zones.n)
        ],
        "people": PLAYERS["consumers"],
    }


def _sites(city: City, kind: str, sign: str, colour: str, sites: tuple[Site, ...]) -> list[dict[str, Any]]:
    mall = city.malls[0].place
    return [
        {
            "name": site.name,
            "kind": kind,
            "sign": sign,
            "colour": colour,
            "x": round(city.places.x_km[site.place] * 1000),
            "y": round(city.places.y_km[site.place] * 1000),
            "minutes": round(float(city.time.at(mall, site.place)) / 60, 1),
            "km": round(float(city.distance.at(mall, site.place)), 2),
        }
        for site in sites
    ]
