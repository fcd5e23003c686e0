"""A map on disk as the source of a city folder, and the kind of a file of people."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

from galleria.models.city.get import ODBL, MapSettings, Source
from galleria.models.city.home_settings import CensusHomes, RasterHomes, TableHomes
from galleria.models.city.readers import read_roads
from galleria.models.city.readers.osm_features import made_on, read_features
from galleria.models.city.readers.registry import find_reader
from galleria.models.city.readers.text import read_bytes, sha256_of

WITH_TAGS = frozenset({"osm"})
"""Formats that hold stores beside the roads."""


def extract_source(path: Path, settings: MapSettings) -> Source:
    """Take a file as a source: of roads, and of features where it is an extract of OpenStreetMap."""
    reader, file = find_reader(path, None)
    tagged = reader.name in WITH_TAGS
    changed = datetime.fromtimestamp(file.stat().st_mtime, UTC).date().isoformat()
    about = {
        "from": path.name,
        "format": reader.name,
        "sha256": {each.name: sha256_of(each) for each in reader.files(file)},
        "date": (made_on(file) if tagged else "") or f"not stated in the file; the file was last changed on {changed}",
        "licence": ODBL if tagged else f"as the source of {path.name} states; where that is OpenStreetMap: {ODBL}",
    }
    return Source(
        roads=lambda _: read_roads(path, None, settings.read),
        features=(lambda _: read_features(file, settings.read.features)) if tagged else None,
        about=lambda _: about,
    )


def population_file(path: Path, classes: tuple[str, ...]) -> CensusHomes | TableHomes | RasterHomes:
    """Tell what kind of file counts the people: a raster by its ending, a census by its column geoid, else a table."""
    content = read_bytes(path, "CSV or ASCII grid")
    if path.suffix.lower() == ".asc":
        return RasterHomes(kind="raster", path=str(path), classes=classes)
    first = next(csv.reader(io.StringIO(content[:4000].decode("utf-8-sig", "replace"))), [])
    if "geoid" in first:
        return CensusHomes(kind="census", path=str(path), classes=classes)
    named = {"longitude": "longitude", "latitude": "latitude", "population": "population"}
    return TableHomes(kind="table", path=str(path), classes=classes, **named)
