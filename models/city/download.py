"""Cities downloaded for a run: a city folder in the cache, made once by the steps of `galleria city get`."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from galleria.models.city.collect import collect
from galleria.models.city.get import Square, steps_of
from galleria.models.city.online import online_source
from galleria.models.city.settings import OsmSettings
from galleria.models.errors import UsageError


def downloaded(settings: OsmSettings, cache: Path, say: Callable[[str], None]) -> Path:
    """Return the city folder of a place, downloaded the first time it is asked for.

    Parameters
    ----------
    settings
        A place by name, or a point and a radius.
    cache
        The cache. Delete the folder in its `downloads` to fetch today's map.
    say
        Told of steps and of waits.

    Raises
    ------
    UsageError
        Without OSMnx, without a network, or when OpenStreetMap has no such place.
    """
    if settings.place is None and (settings.point is None or settings.radius_km is None):
        raise UsageError(
            "city=osm needs to know where: city.place=NAME, or city.point={lat: ..., lon: ...} with "
            "city.radius_km=..., or a file in city.path."
        )
    asked = settings.model_dump(mode="json", include={"place", "point", "radius_km", "malls", "read"})
    name = "".join(c if c.isalnum() else "-" for c in settings.name)[:40]
    out = cache / "downloads" / f"{name}-{hashlib.sha256(repr(asked).encode()).hexdigest()[:12]}"
    out.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(out.with_name(f"{out.name}.lock")):  # whoever asks at the same time waits for the same folder
        if not out.exists():
            if settings.place is None and settings.point is not None and settings.radius_km is not None:
                area = Square(settings.point, settings.radius_km)
            else:
                area = None
            collect(out, asked, steps_of(settings, online_source(settings, say), area, None), say)
    return out
