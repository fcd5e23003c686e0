"""Road graphs downloaded from OpenStreetMap through OSMnx, kept in the cache so that a city stays what it was."""

import hashlib
import os
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from galleria.models.city.settings import OsmSettings
from galleria.models.errors import UsageError


def downloaded(settings: OsmSettings, folder: Path) -> Path:
    """Return the GraphML file of a place, downloaded the first time it is asked for.

    Parameters
    ----------
    settings
        A place by name, or a point and a radius.
    folder
        The cache. Delete the file in its `downloads` to fetch today's map.

    Raises
    ------
    UsageError
        Without OSMnx, without a network, or when OpenStreetMap knows no such place.
    """
    if settings.place is None and (settings.point is None or settings.radius_km is None):
        raise UsageError(
            "city=osm needs to know where: city.place=NAME, or city.point={lat: ..., lon: ...} with "
            "city.radius_km=..., or a file in city.path."
        )
    asked = f"{settings.place} {settings.point} {settings.radius_km} {settings.read.classes}"
    name = "".join(c if c.isalnum() else "-" for c in settings.name)[:40]
    path = folder / "downloads" / f"{name}-{hashlib.sha256(asked.encode()).hexdigest()[:12]}.graphml"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.tmp")
        osmnx = _osmnx(settings)
        try:
            osmnx.save_graphml(_fetch(osmnx, settings), draft)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    return path


def _osmnx(settings: OsmSettings) -> Any:
    try:
        import osmnx  # noqa: PLC0415 (an extra, and slow)
    except ImportError:
        raise UsageError(
            f"Downloading {_named(settings)} needs the package osmnx. Install the extra (pip install 'galleria[osm]'), "
            f"or give a road file you have: {_alternative(settings)}."
        ) from None
    return osmnx


def _fetch(osmnx: Any, settings: OsmSettings) -> Any:
    """Download the graph; ask first whether there is a network, since OSMnx waits a minute for one."""
    try:
        socket.getaddrinfo(urlparse(osmnx.settings.overpass_url).hostname, 443)
        roads = f'["highway"~"^({"|".join(settings.read.classes)})$"]'
        if settings.point is not None and settings.radius_km is not None and settings.place is None:
            point = (settings.point.lat, settings.point.lon)
            return osmnx.graph_from_point(point, dist=settings.radius_km * 1000, custom_filter=roads)
        return osmnx.graph_from_place(settings.place, custom_filter=roads)
    except OSError:
        raise UsageError(
            f"{_named(settings)} could not be downloaded from OpenStreetMap: there is no network, or the server does "
            f"not answer. Try again later, or give a road file you have: {_alternative(settings)}."
        ) from None
    except (ValueError, TypeError) as error:
        raise UsageError(
            f"OpenStreetMap has no road graph of {_named(settings)} ({error}). Check the spelling of the place or the "
            f"point and radius, or give a road file you have: {_alternative(settings)}."
        ) from None


def _named(settings: OsmSettings) -> str:
    return settings.place if settings.place is not None else f"the roads of {settings.name}"


def _alternative(settings: OsmSettings) -> str:
    return f"city={settings.name} city.path=FILE (GraphML, .osm.pbf, GMNS or CSV)"
