"""OpenStreetMap's servers as the source of a city folder: roads and features through OSMnx."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from galleria.models.city.collect import SCRATCH
from galleria.models.city.features import Feature, FeatureTags, footprint_m2, kind_of
from galleria.models.city.get import ODBL, Source
from galleria.models.city.raw import RawRoads
from galleria.models.city.readers import read_roads
from galleria.models.city.readers.osm_tags import ACCESS_TAGS, open_to_cars
from galleria.models.city.servers import ask, load_osmnx
from galleria.models.city.settings import OsmSettings
from galleria.models.errors import UsageError


def online_source(settings: OsmSettings, say: Callable[[str], None]) -> Source:
    """Take OpenStreetMap's servers as a source: a place by name, or a square around a point.

    Raises
    ------
    UsageError
        Without OSMnx, or when no place is said.
    """
    load_osmnx()
    if settings.place is None and (settings.point is None or settings.radius_km is None):
        raise UsageError("Say which city: galleria city get PLACE, or --point LAT,LON --radius KM, or --from FILE.")
    lat, lon = _point(settings)
    named = settings.place or f"{_metres(settings) / 1000:g} km around latitude {lat:g}, longitude {lon:g}"
    return Source(
        roads=lambda draft: _roads(settings, draft / SCRATCH, named, say),
        features=lambda draft: _features(settings, draft / SCRATCH, named, say),
        about=lambda draft: {
            "from": f"{settings.servers.overpass} ({named})",
            "date": _newest(draft / SCRATCH / "http"),
            "licence": ODBL,
        },
    )


def _roads(settings: OsmSettings, scratch: Path, named: str, say: Callable[[str], None]) -> RawRoads:
    """Download roads, cut as an extract is: at junctions and ends of ways, without those closed to cars."""
    closed = frozenset(settings.read.closed_access)
    wanted = f'["highway"~"^({"|".join(settings.read.classes)})$"]'
    path = scratch / "roads.graphml"

    def download(osmnx: Any) -> int:
        tags = osmnx.settings.useful_tags_way
        osmnx.settings.useful_tags_way = sorted({*tags, *ACCESS_TAGS})
        try:
            how = {"custom_filter": wanted, "simplify": False, "retain_all": True, "truncate_by_edge": True}
            if settings.place is None:
                graph = osmnx.graph_from_point(_point(settings), dist=_metres(settings), **how)
            else:
                graph = osmnx.graph_from_place(settings.place, **how)
        finally:
            osmnx.settings.useful_tags_way = tags
        shut = [(u, v, k) for u, v, k, held in graph.edges(keys=True, data=True) if not open_to_cars(held, closed)]
        graph.remove_edges_from(shut)
        graph.remove_nodes_from([node for node, degree in graph.degree() if degree == 0])
        if graph.number_of_edges() == 0:
            raise ValueError("no road a car may use")
        graph = osmnx.simplify_graph(graph, edge_attrs_differ=["osmid"])
        for _, _, held in graph.edges(data=True):
            _halve_lanes(held)
        osmnx.save_graphml(graph, path)
        return len({held for *_, held in shut})

    scratch.mkdir(exist_ok=True)
    ask(settings.servers, scratch / "http", download, named, say)
    return read_roads(path, "graphml", settings.read)


def _halve_lanes(held: dict[str, Any]) -> None:
    """Let `lanes` count those of one direction, as for an extract: on a two-way street OpenStreetMap counts both."""
    lanes = held.get("lanes")
    if held.get("oneway") is False and isinstance(lanes, str) and lanes.replace(".", "", 1).isdigit():
        held["lanes"] = str(float(lanes) / 2)


def _features(settings: OsmSettings, scratch: Path, named: str, say: Callable[[str], None]) -> list[Feature]:
    wanted = settings.read.features
    tags: dict[str, list[str]] = {}
    for values in wanted.values():
        for key, named_values in values.items():
            tags.setdefault(key, []).extend(named_values)

    def download(osmnx: Any) -> list[Feature]:
        try:
            if settings.place is None:
                found = osmnx.features_from_point(_point(settings), tags, dist=_metres(settings))
            else:
                found = osmnx.features_from_place(settings.place, tags)
        except osmnx._errors.InsufficientResponseError:  # noqa: SLF001 (OSMnx shows it nowhere else)
            return []  # a place without a single store
        return list(_read(found, wanted))

    return ask(settings.servers, scratch / "http", download, named, say)


def _read(found: Any, wanted: FeatureTags) -> Iterator[Feature]:
    """Read a table of OSMnx: indexed by element and id, a geometry, and a column for each tag."""
    for (element, number), row in found.iterrows():
        tags = {str(key): value for key, value in row.items() if isinstance(value, str)}
        kind = kind_of(tags, wanted)
        shape = row["geometry"]
        if kind is None or shape.geom_type not in {"Point", "Polygon", "MultiPolygon"}:
            continue
        west, south, east, north = shape.bounds
        polygons = getattr(shape, "geoms", [shape]) if shape.geom_type != "Point" else []
        rings = [list(polygon.exterior.coords) for polygon in polygons]
        yield Feature(
            kind,
            tags.get("name", ""),
            (west + east) / 2,
            (south + north) / 2,
            footprint_m2(rings),
            f"{element}/{number}",
        )


def _point(settings: OsmSettings) -> tuple[float, float]:
    return (np.nan, np.nan) if settings.point is None else (settings.point.lat, settings.point.lon)


def _metres(settings: OsmSettings) -> float:
    return (settings.radius_km or 0.0) * 1000


def _newest(http: Path) -> str:
    """Return the time the map stood for, as the server's answers say."""
    times = []
    for path in http.glob("*.json"):
        held = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(held, dict):
            times.append(str(held.get("osm3s", {}).get("timestamp_osm_base", "")))
    return max(times, default="") or "not stated by the server"
