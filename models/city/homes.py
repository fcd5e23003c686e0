"""Where people live: along residential streets, or as a census, a table or a raster counts them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from galleria.models.city.home_settings import CensusHomes, HomesSettings, RasterHomes, TableHomes, UniformHomes
from galleria.models.city.raw import KM_PER_DEGREE, Floats, eastward
from galleria.models.city.readers.ascii_grid import read_raster
from galleria.models.city.readers.csv_text import numbers, read_table
from galleria.models.city.roads import Roads
from galleria.models.errors import UsageError

FASTEST = frozenset({"motorway", "motorway_link", "trunk", "trunk_link"})
GEOIDS = ("geoid", "geoid20", "geoid10", "geo_id", "geoidfq")
"""Names of the column of block groups, as the census has them over the years."""


@dataclass(frozen=True, eq=False)
class Counts:
    """People counted at points: float64 [n] km in the city's own frame and people, and n labels."""

    x_km: Floats
    y_km: Floats
    people: Floats
    label: tuple[str, ...]


def street_km(roads: Roads, classes: tuple[str, ...]) -> Floats:
    """Measure the residential street (km, float64 [nodes]) around each node.

    A graph without streets of these classes is one of arterials only: people then live along all its roads but the
    fastest.
    """
    km = roads.street_km_by_node(roads.classes_touching(set(classes)))
    if km.any():
        return km
    km = roads.street_km_by_node(roads.classes_touching(set(roads.class_names) - FASTEST))
    return km if km.any() else np.ones(roads.nodes)


def weigh_nodes(homes: HomesSettings, roads: Roads, snap_km: float) -> tuple[Floats, Counts | None, tuple[str, ...]]:
    """Weigh road nodes by the people living there.

    Parameters
    ----------
    homes
        Where the knowledge comes from.
    roads
        The road network.
    snap_km
        People counted farther than this from every reachable node, or outside the rectangle around all nodes, live
        elsewhere and are left out.

    Returns
    -------
    tuple[Floats, Counts | None, tuple[str, ...]]
        float64 [nodes] people (any unit for uniform homes), the counts used, and sentences on what was left out.
    """
    km = street_km(roads, homes.classes)
    if isinstance(homes, UniformHomes):
        return km, None, ()
    counts = _counts(homes, roads)
    return _spread(homes.path, counts, roads, km, snap_km)


def _spread(
    source: str, counts: Counts, roads: Roads, km: Floats, snap_km: float
) -> tuple[Floats, Counts, tuple[str, ...]]:
    """Spread the people of each point over the nodes nearest to it, by their residential street."""
    all_nodes = cKDTree(np.column_stack([roads.node_x_km, roads.node_y_km]))
    away, _ = all_nodes.query(np.column_stack([counts.x_km, counts.y_km]))
    # an extract is cut at a rectangle: people beyond it do not live at the ends of its roads
    inside = (away <= snap_km) & (counts.people > 0) & _between(counts.x_km, roads.node_x_km)
    inside &= _between(counts.y_km, roads.node_y_km)
    if not inside.any():
        raise UsageError(
            f"{source}: none of its {counts.people.size:,} points lies within city.snap_km = {snap_km:g} km of a road "
            "of this city. Check that it covers the city, and that latitude and longitude are not swapped."
        )
    kept = Counts(
        counts.x_km[inside],
        counts.y_km[inside],
        counts.people[inside],
        tuple(name for name, there in zip(counts.label, inside, strict=True) if there),
    )
    homes = np.flatnonzero(km > 0)
    at = np.column_stack([roads.node_x_km[homes], roads.node_y_km[homes]])
    points = np.column_stack([kept.x_km, kept.y_km])
    _, owner = cKDTree(points).query(at)
    street_of = np.bincount(owner, km[homes], kept.people.size)
    weight = np.zeros(roads.nodes)
    weight[homes] = km[homes] / street_of[owner] * kept.people[owner]
    # a point that is no node's nearest still has people: they live at the node nearest to it
    alone = np.flatnonzero(street_of == 0)
    _, nearest = cKDTree(at).query(points[alone])
    np.add.at(weight, homes[nearest], kept.people[alone])
    outside = counts.people.sum() - kept.people.sum()
    off = (
        f"; {outside:,.0f} people ({outside / counts.people.sum():.0%}) at {(~inside).sum():,} points live off the "
        "road graph, which lessens no city.households."
    )
    leg_km = np.asarray(away)[inside]
    order = np.argsort(leg_km)
    reached = np.cumsum(kept.people[order]) / kept.people.sum()
    said = (
        f"{kept.people.sum():,.0f} people at {kept.people.size:,} points of {source} weigh the home places"
        + (off if outside else "."),
        (
            f"They live {np.average(leg_km, weights=kept.people):.2f} km straight from the nearest road node on "
            f"average, nine in ten within {leg_km[order][np.searchsorted(reached, 0.9)]:.2f} km; times and distances "
            "start at the node, unless city.access adds that way."
        ),
    )
    return weight, kept, said


def _between(values: Floats, span: Floats) -> NDArray[np.bool_]:
    return np.asarray((values >= span.min()) & (values <= span.max()))


def _counts(homes: CensusHomes | TableHomes | RasterHomes, roads: Roads) -> Counts:
    if np.isnan(roads.node_lon).any():
        raise UsageError(f"{homes.path}: people counted in degrees need a road graph with longitude and latitude.")
    lon, lat, people, label = read_people(homes)
    x_km, y_km = to_city_frame(roads, lon, lat)
    return Counts(x_km, y_km, people, label)


def read_people(homes: CensusHomes | TableHomes | RasterHomes) -> tuple[Floats, Floats, Floats, tuple[str, ...]]:
    """Read people counted at points: float64 [n] longitude and latitude (degrees) and people, and n labels.

    Raises
    ------
    UsageError
        When the file is no such table or raster, or holds values that are no numbers.
    """
    match homes:
        case CensusHomes():
            return _read_points(homes.path, "longitude", "latitude", "population", GEOIDS)
        case TableHomes():
            return _read_points(homes.path, homes.longitude, homes.latitude, homes.population, ())
        case RasterHomes():
            return read_raster(Path(homes.path))


def to_city_frame(roads: Roads, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Turn degrees into the kilometres of the city's own frame, as its nodes were turned."""
    per_lon = KM_PER_DEGREE * np.cos(np.radians((roads.node_lat.min() + roads.node_lat.max()) / 2))
    west = eastward(roads.node_lon).min()
    if west > roads.node_lon.min():  # the city lies on both sides of the 180th meridian
        lon = west + (lon - west + 180) % 360 - 180
    return (lon - west) * per_lon, (lat - roads.node_lat.min()) * KM_PER_DEGREE


def _read_points(
    path: str, lon: str, lat: str, people: str, labels: tuple[str, ...]
) -> tuple[Floats, Floats, Floats, tuple[str, ...]]:
    """Read a CSV (or .csv.gz) of people at points; labels are the names one column of names may have."""
    table = read_table(Path(path), (lon, lat, people), "Name the columns in city.homes.", maybe=labels)
    label = next((name for name in labels if name in table), None)
    if labels and label is None:
        raise UsageError(
            f"{path} lacks the column {labels[0]}; it has {', '.join(table.columns[:12])}. Add it, or read the file by "
            "city/homes=table."
        )
    columns = [numbers(table, name) for name in (lon, lat, people)]
    bad = ~np.isfinite(columns).all(axis=0) | (columns[2] < 0)
    if bad.any():
        raise UsageError(
            f"{path}: {bad.sum():,} rows have no usable {lon}, {lat} or {people} (the first is line "
            f"{int(np.flatnonzero(bad)[0]) + 2}). Mend or remove them."
        )
    names = tuple(table[label]) if label is not None else tuple(str(k) for k in range(len(table)))
    return columns[0], columns[1], columns[2], names
