"""Streets made by rule around a real place, for a mall of which no road file covers the surroundings.

What the streets of a sun-belt city are stands in `conf/city/sunbelt.yaml`; here they are laid around a point on the
earth, so that people are counted where they live and malls stand where they stand. Nobody drives these streets.
"""

from dataclasses import replace
from math import ceil

import numpy as np

from galleria.models.city.generators import sunbelt
from galleria.models.city.get import Source, Square
from galleria.models.city.raw import KM_PER_DEGREE, RawRoads
from galleria.models.city.settings import SunbeltSettings


def blocks_across(square: Square, block_km: float) -> int:
    """Return how many blocks a side cover a square, an even number, so that a crossing lies in its middle."""
    return 2 * ceil(square.radius_km / block_km)


def streets_around(streets: SunbeltSettings, square: Square) -> RawRoads:
    """Lay the streets of a generated city around the middle of a square, in degrees."""
    made, middle_m = sunbelt(streets), streets.blocks * streets.block_km * 500
    point = square.point
    lat = point.lat + (made.y - middle_m) / 1000 / KM_PER_DEGREE
    lon = point.lon + (made.x - middle_m) / 1000 / (KM_PER_DEGREE * np.cos(np.radians(point.lat)))
    return replace(
        made,
        source="streets made by rule",
        unit="degrees",
        x=lon,
        y=lat,
        shapes={},
        frame="map",
        notes=("streets are made by rule: none of them is there, and times are those of no real place",),
    )


def generated_source(streets: SunbeltSettings, square: Square) -> Source:
    """Take streets made by rule as the source of a city folder."""
    about = {
        "from": f"generated around latitude {square.point.lat:g}, longitude {square.point.lon:g}",
        "real": "nothing of the streets; malls and people are those that were given",
        "blocks": streets.blocks,
        "block_km": streets.block_km,
        "seed": streets.seed,
        "licence": "none is needed: no map data",
    }
    return Source(roads=lambda _: streets_around(streets, square), features=None, about=lambda _: about)
