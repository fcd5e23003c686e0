"""The steps that lead from sources to a city folder: roads, features, malls, people."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from galleria.models.city.collect import Step
from galleria.models.city.features import Feature, malls_of
from galleria.models.city.folder import (
    FEATURES,
    MALLS,
    PEOPLE,
    ROADS,
    write_features,
    write_malls,
    write_people,
    write_roads,
)
from galleria.models.city.home_settings import CensusHomes, RasterHomes, TableHomes
from galleria.models.city.homes import read_people
from galleria.models.city.raw import KM_PER_DEGREE, RawRoads
from galleria.models.city.readers import read_roads
from galleria.models.city.readers.text import sha256_of
from galleria.models.city.settings import FileSettings, MallPoint, OsmSettings, Point
from galleria.models.city.sites import mall_points
from galleria.models.errors import UsageError

ODBL = (
    "(c) OpenStreetMap contributors, Open Database License (ODbL) 1.0, https://www.openstreetmap.org/copyright. What "
    "is made of it and passed on as data keeps this notice and this licence."
)


@dataclass(frozen=True)
class Square:
    """What lies within `radius_km` of a point to each side."""

    point: Point
    radius_km: float

    def cut(self, raw: RawRoads) -> RawRoads:
        """Keep only the roads inside.

        Raises
        ------
        UsageError
            When none is.
        """
        lat_away = self.radius_km / KM_PER_DEGREE
        lon_away = lat_away / np.cos(np.radians(self.point.lat))
        inside = (np.abs(raw.y - self.point.lat) <= lat_away) & (np.abs(raw.x - self.point.lon) <= lon_away)
        if not inside.any():
            lon, lat = (f"{np.nanmin(axis):.4f} to {np.nanmax(axis):.4f}" for axis in (raw.x, raw.y))
            raise UsageError(
                f"No road of {raw.source} lies within {self.radius_km:g} km of latitude {self.point.lat:g}, longitude "
                f"{self.point.lon:g}; its roads lie at latitudes {lat}, longitudes {lon}. Give a file that "
                "covers it, or check --point LAT,LON (swapped?)."
            )
        return raw.only_nodes(inside)


type MapSettings = FileSettings | OsmSettings
type Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Source:
    """Where a map comes from.

    Parameters
    ----------
    roads, features
        Read or download; they get the draft folder. Features are None where the source knows none.
    about
        Facts for provenance.json when the draft has its files: from, date, licence.
    """

    roads: Callable[[Path], RawRoads]
    features: Callable[[Path], list[Feature]] | None
    about: Callable[[Path], Mapping[str, Any]]


def steps_of(
    settings: MapSettings,
    source: Source,
    area: Square | None,
    population: CensusHomes | TableHomes | RasterHomes | None,
) -> tuple[Step, ...]:
    """List the steps that make a city folder."""
    steps = [
        Step("roads", ROADS, lambda draft: _roads(draft, source, area)),
        Step("features", (), lambda draft: _features(draft, settings, source)),
    ]
    if population is not None:
        per_household = settings.read.people_per_household
        steps.append(Step("population", (PEOPLE,), lambda draft: _people(draft, settings, population, per_household)))
    return tuple(steps)


def _roads(draft: Path, source: Source, area: Square | None) -> Mapping[str, Any]:
    raw = source.roads(draft)
    if raw.unit != "degrees":
        raise UsageError(
            f"{raw.source} has projected coordinates without longitude and latitude, and a city folder needs degrees. "
            "Save the graph in EPSG:4326."
        )
    if area is not None:
        raw = area.cut(raw)
    write_roads(draft, raw)
    box = [round(float(edge(axis)), 7) for edge in (np.min, np.max) for axis in (raw.x, raw.y)]
    return {
        **source.about(draft),
        "files": ROADS,
        "nodes": len(raw.node_id),
        "directed_edges": len(raw.road_class),
        "directed_km": round(float(np.nansum(raw.length_m)) / 1000, 1),
        "classes": dict(Counter(raw.road_class).most_common()),
        "box_lon_lat": box,
        "remarks": list(raw.notes),
    }


def _box(draft: Path, settings: MapSettings) -> Box:
    raw = read_roads(draft, "csv", settings.read)
    return float(raw.x.min()), float(raw.y.min()), float(raw.x.max()), float(raw.y.max())


def _inside(box: Box, lon: float, lat: float) -> bool:
    return box[0] <= lon <= box[2] and box[1] <= lat <= box[3]


def _features(draft: Path, settings: MapSettings, source: Source) -> Mapping[str, Any]:
    box = _box(draft, settings)
    stated = mall_points(settings.malls)
    found: list[Feature] = []
    files: list[str] = []
    if source.features is not None:
        found = [f for f in source.features(draft) if _inside(box, f.lon, f.lat)]
        found.sort(key=lambda f: (list(settings.read.features).index(f.kind), f.osm))
        write_features(draft, found)
        files.append(FEATURES)
    malls: Sequence[MallPoint] = [mall for mall in stated if _inside(box, mall.lon, mall.lat)]
    if stated and not malls:
        raise UsageError(
            f"None of the {len(stated)} malls stated in city.malls lies among the roads (longitude {box[0]:.4f} to "
            f"{box[2]:.4f}, latitude {box[1]:.4f} to {box[3]:.4f}). Check them, or give roads that cover them."
        )
    if not stated:
        chosen = malls_of(found, settings.read.mall_least_m2)
        malls = [MallPoint(mall=mall.name, lat=mall.lat, lon=mall.lon) for mall in chosen]
    if malls:
        write_malls(draft, malls)
        files.append(MALLS)
    return {
        **({} if source.features is None else source.about(draft)),
        "files": files,
        "counts": dict(Counter(f.kind for f in found)),
        "malls": [mall.mall for mall in malls],
        "malls_from": "city.malls" if stated else "tags" if malls else "none found: one mall stands in the middle",
    }


def _people(
    draft: Path, settings: MapSettings, homes: CensusHomes | TableHomes | RasterHomes, per_household: float
) -> Mapping[str, Any]:
    box = _box(draft, settings)
    lon, lat, people, label = read_people(homes)
    inside = (lon >= box[0]) & (lon <= box[2]) & (lat >= box[1]) & (lat <= box[3]) & (people > 0)
    if not inside.any():
        raise UsageError(
            f"{homes.path}: none of its {people.size:,} points with people lies among the roads (longitude "
            f"{box[0]:.4f} to {box[2]:.4f}, latitude {box[1]:.4f} to {box[3]:.4f}); they lie at longitudes "
            f"{lon.min():.4f} to {lon.max():.4f}, latitudes {lat.min():.4f} to {lat.max():.4f}. Give the file of this "
            "city, and check that longitude and latitude are not swapped."
        )
    names = [name for name, there in zip(label, inside, strict=True) if there]
    write_people(draft, lon[inside], lat[inside], people[inside], names)
    total = float(people[inside].sum())
    return {
        "from": Path(homes.path).name,
        "sha256": sha256_of(Path(homes.path)),
        "licence": "as the file's own source states",
        "files": [PEOPLE],
        "points": int(inside.sum()),
        "people": round(total),
        "people_outside": round(float(people.sum()) - total),
        "households": round(total / per_household),
    }
