"""Build a city from its settings: roads, sites, homes, zones, tables."""

import hashlib
import sys
from pathlib import Path

import numpy as np

from galleria.models.city import cache as store
from galleria.models.city.access import access_legs
from galleria.models.city.city import City
from galleria.models.city.download import downloaded
from galleria.models.city.drive_times import fit_times, read_drive_times
from galleria.models.city.folder import completed
from galleria.models.city.generators import grid, sunbelt, torus, toy
from galleria.models.city.home_settings import UniformHomes
from galleria.models.city.homes import Counts, street_km, weigh_nodes
from galleria.models.city.places import Places, Site, sample_homes
from galleria.models.city.raw import Floats, RawRoads, great_circle_km
from galleria.models.city.readers import files_of, own_code, read_roads
from galleria.models.city.readers.text import sha256_of
from galleria.models.city.repair import repair, repair_whole
from galleria.models.city.roads import Roads
from galleria.models.city.settings import (
    CitySettings,
    FileSettings,
    GridSettings,
    MallPoint,
    OsmSettings,
    SpeedTable,
    SunbeltSettings,
    TorusSettings,
    ToySettings,
)
from galleria.models.city.sites import (
    Sited,
    away_km,
    mall_points,
    site_at,
    site_big_boxes,
    site_mall_lattice,
    site_malls,
    site_middle_mall,
    site_warehouse,
)
from galleria.models.city.tables import compute_tables
from galleria.models.city.zones import Centres, cut_zones
from galleria.models.errors import UsageError
from galleria.models.streams import city_stream

EVERY_EDGE_STATES_ITS_SPEED = SpeedTable(kph={}, other=1, plausible_from=1, plausible_to=200)
"""Generated roads never ask the table of road classes."""


def build_city(settings: CitySettings, cache: Path | None = None, *, progress: bool = False) -> City:
    """Return the city of these settings, from the cache when it is there.

    Parameters
    ----------
    settings
        What is wanted; the files it names are read.
    cache
        Cache folder; None for the user's own (or GALLERIA_CACHE).
    progress
        Show a progress bar while tables are computed.

    Raises
    ------
    UsageError
        When a file is bad, or no path leads between malls and homes.
    """
    settings = _with_files(settings)
    key = content_key(settings)
    return store.fetch(
        cache or store.default_folder(), settings.name, key, lambda folder: _assemble(settings, key, folder, progress)
    )


def content_key(settings: CitySettings) -> str:
    """Hash what the city depends on: the settings, the contents of the files, the format's version."""
    digest = hashlib.sha256(f"galleria city {store.FORMAT_VERSION} {settings.model_dump_json()}".encode())
    for path in _files(settings):
        digest.update(bytes.fromhex(sha256_of(path)))
    return digest.hexdigest()


def _files(settings: CitySettings) -> list[Path]:
    """List the files a city is read from."""
    files: list[Path] = []
    if isinstance(settings, FileSettings | OsmSettings):
        files.extend((*files_of(*_road_file(settings)), *own_code(*_road_file(settings))))
    if isinstance(settings, FileSettings | OsmSettings) and isinstance(settings.malls, str):
        files.append(Path(settings.malls))
    if isinstance(settings, FileSettings | OsmSettings) and not isinstance(settings.homes, UniformHomes):
        files.append(Path(settings.homes.path))
    if isinstance(settings, FileSettings | OsmSettings) and settings.times is not None:
        files.append(Path(settings.times))
    return files


def build_roads(settings: CitySettings) -> tuple[Roads, tuple[str, ...]]:
    """Read or generate the roads and repair them; return them with what was repaired."""
    settings = _with_files(settings)
    if isinstance(settings, FileSettings | OsmSettings):
        roads, said = repair(_read(settings), settings.speeds, settings.second_part_share)
        roads, fitted = _fitted(settings, roads)
        return roads, (*said, *fitted)
    return repair(_generate(settings), EVERY_EDGE_STATES_ITS_SPEED, second_part_share=1.0)


def build_whole_roads(settings: CitySettings) -> Roads:
    """Read or generate the roads and keep also what cannot be reached."""
    settings = _with_files(settings)
    if isinstance(settings, FileSettings | OsmSettings):
        return _fitted(settings, repair_whole(_read(settings), settings.speeds))[0]
    return repair_whole(_generate(settings), EVERY_EDGE_STATES_ITS_SPEED)


def _fitted(settings: FileSettings | OsmSettings, roads: Roads) -> tuple[Roads, tuple[str, ...]]:
    """Fit times to the table of known ones, where there is one."""
    if settings.times is None:
        return roads, ()
    return fit_times(roads, read_drive_times(Path(settings.times), roads))


def check_city(settings: CitySettings) -> tuple[Roads, tuple[str, ...]]:
    """Do all that building does short of the tables; return the roads and what was mended or dropped.

    Raises
    ------
    UsageError
        With all that is wrong.
    """
    settings = _with_files(settings)
    content_key(settings)
    roads, said = build_roads(settings)
    weight, _, counted = _people(settings, roads)
    _malls(settings, roads, weight)
    return roads, (*said, *counted)


def _road_file(settings: FileSettings | OsmSettings) -> tuple[Path, str | None]:
    """Return the file of roads, and the name of its format when it is stated."""
    if isinstance(settings, FileSettings):
        return Path(settings.path), settings.format
    if settings.path is None:
        raise TypeError("a city to be downloaded has files only when it was")
    return Path(settings.path), None


def _with_files(settings: CitySettings) -> CitySettings:
    """Download what must be, and take from a city folder what the settings leave open."""
    if isinstance(settings, OsmSettings) and settings.path is None:
        folder = downloaded(settings, store.default_folder(), _tell)
        settings = settings.model_copy(update={"path": str(folder)})
    return completed(settings)


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


def _read(settings: FileSettings | OsmSettings) -> RawRoads:
    file, name = _road_file(settings)
    raw = read_roads(file, name, settings.read)
    return raw if settings.within_km is None else _cut(raw, mall_points(settings.malls), settings.within_km)


def _cut(raw: RawRoads, points: tuple[MallPoint, ...], within_km: float) -> RawRoads:
    """Keep only the roads near the first mall."""
    if not points or raw.unit != "degrees":
        raise UsageError("city.within_km needs a mall given in city.malls and a road graph in degrees to measure from.")
    here = np.full_like(raw.x, points[0].lon), np.full_like(raw.y, points[0].lat)
    with np.errstate(invalid="ignore"):
        near = great_circle_km(raw.x, raw.y, *here) <= within_km
    if not near.any():
        raise UsageError(
            f"No node of {raw.source} lies within city.within_km = {within_km:g} km of the mall {points[0].mall!r} at "
            f"latitude {points[0].lat:g}, longitude {points[0].lon:g}. Check the coordinates (swapped?) or the file."
        )
    return raw.only_nodes(near)


def _generate(settings: CitySettings) -> RawRoads:
    match settings:
        case SunbeltSettings():
            return sunbelt(settings)
        case GridSettings():
            return grid(settings)
        case TorusSettings():
            return torus(settings)
        case ToySettings():
            return toy(settings)
        case _:
            raise TypeError(f"no generator for {type(settings).__name__}")


def _assemble(settings: CitySettings, key: str, folder: Path, progress: bool) -> City:  # noqa: FBT001
    roads, said = build_roads(settings)
    weight, counts, counted = _people(settings, roads)
    malls = _malls(settings, roads, weight)
    warehouses = (site_warehouse(roads, malls[0], settings.warehouse),)
    boxes = site_big_boxes(roads, malls[0], settings.big_boxes)
    sites = (*malls, *warehouses, *boxes)
    site_nodes = np.array([site.node for site in sites], dtype=np.int32)
    homes, share = sample_homes(roads, weight, settings.home_places, site_nodes, city_stream(settings.seed))
    node = np.concatenate([homes, site_nodes])
    centres = None if counts is None else Centres(counts.x_km, counts.y_km, counts.label)
    zones, zone = cut_zones(settings.zones, roads.node_x_km[node], roads.node_y_km[node], centres)
    places = Places(
        node=node,
        x_km=roads.node_x_km[node],
        y_km=roads.node_y_km[node],
        lon=roads.node_lon[node],
        lat=roads.node_lat[node],
        zone=zone,
        households=np.concatenate([share * settings.households, np.zeros(site_nodes.size)]),
    )
    access = settings.access if isinstance(settings, FileSettings | OsmSettings) else None
    local = settings.homes.classes if isinstance(settings, FileSettings | OsmSettings) else ()
    legs, connected = access_legs(access, roads, local, counts, homes)
    time, distance = compute_tables(roads, node, folder, progress=progress, legs=legs)
    said = (
        *said,
        *counted,
        *connected,
        f"{homes.size:,} road nodes stand for the homes of {settings.households:,.0f} households.",
        (
            f"Tables of {node.size:,} places keep time in steps of {time.resolution:g} s and distance in steps of "
            f"{distance.resolution * 1000:g} m."
        ),
    )
    numbered = [Site(site.name, homes.size + k) for k, site in enumerate(sites)]
    return City(
        name=settings.name,
        key=key,
        area_km2=_area_km2(settings, roads),
        places=places,
        zones=zones,
        malls=tuple(numbered[: len(malls)]),
        warehouses=tuple(numbered[len(malls) : -len(boxes)]),
        big_boxes=tuple(numbered[-len(boxes) :]),
        time=time,
        distance=distance,
        roads=roads,
        report=said,
        torus_size_km=_torus_size_km(settings),
    )


def _people(settings: CitySettings, roads: Roads) -> tuple[Floats, Counts | None, tuple[str, ...]]:
    """Weigh road nodes (float64 [nodes]) by the people living there; give the counts where there are any."""
    match settings:
        case SunbeltSettings():
            centre = settings.blocks / 2 * settings.block_km
            away_km = np.hypot(roads.node_x_km - centre, roads.node_y_km - centre)
            return street_km(roads, ("residential",)) * np.exp(-settings.decline_per_km * away_km), None, ()
        case FileSettings() | OsmSettings():
            return weigh_nodes(settings.homes, roads, settings.snap_km)
        case _:
            return np.ones(roads.nodes), None, ()


def _malls(settings: CitySettings, roads: Roads, weight: Floats) -> tuple[Sited, ...]:
    if isinstance(settings, FileSettings | OsmSettings):
        points = mall_points(settings.malls)
        if not points:
            return (site_middle_mall(roads, weight),)
        source = settings.path or settings.name
        if settings.within_km is not None:
            points = tuple(p for p in points if away_km(p, points[0].lon, points[0].lat) <= settings.within_km)
        return site_malls(roads, points, settings.snap_km, source)
    if isinstance(settings, SunbeltSettings):
        return site_mall_lattice(roads, settings.malls, settings.blocks // 2 * settings.block_km)
    if isinstance(settings, ToySettings):
        middle = settings.spacing_km
    else:
        middle = settings.nodes_per_side // 2 * settings.spacing_km
    return (site_at(roads, "Mall", middle, middle),)


def _area_km2(settings: CitySettings, roads: Roads) -> float:
    size = _torus_size_km(settings)
    return size**2 if size is not None else float(np.ptp(roads.node_x_km) * np.ptp(roads.node_y_km))


def _torus_size_km(settings: CitySettings) -> float | None:
    return settings.nodes_per_side * settings.spacing_km if isinstance(settings, TorusSettings) else None
