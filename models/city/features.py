"""Features of a map: malls, supermarkets, big boxes, warehouses and restaurants, told by their tags."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from galleria.models.city.raw import EARTH_RADIUS_KM
from galleria.models.city.settings import FeatureTags

__all__ = ["Feature", "FeatureTags", "footprint_m2", "kind_of", "malls_of"]


@dataclass(frozen=True)
class Feature:
    """A feature of the map.

    Parameters
    ----------
    kind
        One of the kinds in `city.read.features`.
    name
        As mapped; empty where it has none.
    lon, lat
        The point, or the middle of the box around the area (degrees).
    m2
        Footprint of the area (square metres); 0 where only a point is mapped.
    osm
        `node/ID`, `way/ID` or `relation/ID` of OpenStreetMap.
    """

    kind: str
    name: str
    lon: float
    lat: float
    m2: float
    osm: str


def kind_of(tags: Mapping[str, str], wanted: FeatureTags) -> str | None:
    """Return the first kind one of whose tags is set, of several values (`a;b`) any; None when there is none."""
    for kind, values in wanted.items():
        if any({part.strip() for part in tags.get(key, "").split(";")} & set(named) for key, named in values.items()):
            return kind
    return None


def footprint_m2(rings: Iterable[Sequence[tuple[float, float]]]) -> float:
    """Measure the area (m2) within closed rings of points (lon, lat in degrees), by the shoelace formula.

    On a plane that touches the earth at each ring; exact to a few parts in a million for buildings.
    """
    total = 0.0
    for ring in rings:
        at = np.radians(np.array(ring))
        if len(at) < 3:
            continue
        x = (at[:, 0] - at[0, 0]) * np.cos(at[:, 1].mean()) * EARTH_RADIUS_KM * 1000
        y = (at[:, 1] - at[0, 1]) * EARTH_RADIUS_KM * 1000
        total += abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2
    return round(total, 1)


def malls_of(features: Iterable[Feature], least_m2: float) -> list[Feature]:
    """Choose the malls of a city, largest first: named, of `least_m2` at least, each name once.

    Where no mall is so large, the largest named one; where only points are mapped, all of them that have a name.
    """
    malls = sorted((f for f in features if f.kind == "mall" and f.name), key=lambda f: (-f.m2, f.name, f.osm))
    first: dict[str, Feature] = {}
    for mall in malls:
        first.setdefault(mall.name, mall)
    once = list(first.values())
    large = [mall for mall in once if mall.m2 >= least_m2]
    if large or not once:
        return large
    return once[:1] if once[0].m2 else once
