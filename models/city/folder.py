"""City folders: roads, malls, stores, people of one city, and where each came from, as `galleria city get` writes.

A folder holds `nodes.csv.gz` and `edges.csv.gz` (the graph as read), `malls.csv`, `features.csv`, `population.csv`
where people are known, `provenance.json` and `README.md`. `city=file city.path=FOLDER` reads all of it.
"""

import csv
import gzip
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from galleria.models.city.features import Feature
from galleria.models.city.home_settings import CensusHomes, UniformHomes
from galleria.models.city.raw import Floats, RawRoads
from galleria.models.city.settings import CitySettings, FileSettings, MallPoint, OsmSettings

ROADS = ("nodes.csv.gz", "edges.csv.gz")
FEATURES = "features.csv"
MALLS = "malls.csv"
PEOPLE = "population.csv"
PROVENANCE = "provenance.json"


def completed(settings: CitySettings) -> CitySettings:
    """Add what a city folder knows to settings that leave it open: its malls, and its people for homes.

    Malls or homes that the settings state are kept; other cities and files are returned as they are.
    """
    if not isinstance(settings, FileSettings | OsmSettings) or settings.path is None:
        return settings
    folder = Path(settings.path)
    if not (folder / PROVENANCE).is_file():
        return settings
    known: dict[str, Any] = {}
    if settings.malls is None and (folder / MALLS).is_file():
        known["malls"] = str(folder / MALLS)
    if isinstance(settings.homes, UniformHomes) and (folder / PEOPLE).is_file():
        known["homes"] = CensusHomes(kind="census", path=str(folder / PEOPLE), classes=settings.homes.classes)
    return settings.model_copy(update=known)


def write_roads(folder: Path, raw: RawRoads) -> None:
    """Write a graph in degrees as nodes.csv.gz and edges.csv.gz, each number so that it reads back the same."""
    nodes = zip(raw.node_id, _texts(raw.x), _texts(raw.y), strict=True)
    columns = [_texts(values) for values in (raw.length_m, raw.speed_kph, raw.time_s, raw.lanes)]
    edges = (
        (raw.node_id[u], raw.node_id[v], raw.road_class[k], *(c[k] for c in columns), _line(raw.shapes.get(k)))
        for k, (u, v) in enumerate(zip(raw.tail, raw.head, strict=True))
    )
    head = ("u", "v", "highway", "length_m", "speed_kph", "time_s", "lanes", "geometry")
    # the edges last: a folder with edges has nodes
    _write(folder / ROADS[0], ("node", "lon", "lat"), nodes)
    _write(folder / ROADS[1], head, edges)


def write_features(folder: Path, features: Iterable[Feature]) -> None:
    """Write features.csv: kind, name, lat, lon, m2, osm."""
    rows = ((f.kind, f.name, repr(f.lat), repr(f.lon), repr(f.m2), f.osm) for f in features)
    _write(folder / FEATURES, ("kind", "name", "lat", "lon", "m2", "osm"), rows)


def write_malls(folder: Path, malls: Iterable[MallPoint]) -> None:
    """Write malls.csv: mall, lat, lon."""
    _write(folder / MALLS, ("mall", "lat", "lon"), ((mall.mall, repr(mall.lat), repr(mall.lon)) for mall in malls))


def write_people(folder: Path, lon: Floats, lat: Floats, people: Floats, label: Sequence[str]) -> None:
    """Write population.csv: geoid, population, latitude, longitude."""
    rows = zip(label, _texts(people), _texts(lat), _texts(lon), strict=True)
    _write(folder / PEOPLE, ("geoid", "population", "latitude", "longitude"), rows)


def write_json(path: Path, value: Any) -> None:
    """Write JSON under a draft's name first, so that a file that is there is whole."""
    _whole(path, (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode())


def _write(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    content = text.getvalue().encode()
    # without a time stamp, so that equal content makes equal files
    _whole(path, gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)


def _whole(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.tmp")
    draft.write_bytes(content)
    draft.replace(path)


def _texts(values: Floats) -> list[str]:
    return ["" if np.isnan(value) else repr(float(value)) for value in values]


def _line(points: Floats | None) -> str:
    if points is None:
        return ""
    return f"LINESTRING ({', '.join(f'{float(x)!r} {float(y)!r}' for x, y in points)})"
