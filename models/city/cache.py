"""Cities on disk: found by content, checked before use, memory-mapped, safe for several builders at once.

An entry is a folder `<name>-<key>` of .npy files with `city.json` (sites, names, sentences) and `checksums.json`.
It is written under a temporary name and renamed when complete. A file that is missing, cut or altered fails its
checksum, and the entry is built again.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from filelock import FileLock

from galleria.models.city.city import City
from galleria.models.city.places import Places, Site
from galleria.models.city.roads import Roads
from galleria.models.city.tables import TravelTable
from galleria.models.city.zones import Zones
from galleria.models.errors import UsageError

FORMAT_VERSION = 6
"""Raised whenever building or storing a city changes, so that no entry of an older version is read."""


def default_folder() -> Path:
    """Return the cache folder: GALLERIA_CACHE when set, else the user's cache folder."""
    named = os.environ.get("GALLERIA_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("galleria")


def fetch(folder: Path, name: str, key: str, build: Callable[[Path], City]) -> City:
    """Load a city from the cache, or build it there first.

    Parameters
    ----------
    folder
        The cache.
    name, key
        Name and content hash of the city.
    build
        Makes the city and leaves its tables as `time.npy` and `distance.npy` in the folder it is given; what else it
        leaves there is kept too.
    """
    entry = entry_path(folder, name, key)
    city = _load(entry, key)
    if city is not None:
        return city
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{entry}.lock"):
            city = _load(entry, key)  # another process may have built it while this one waited
            return city if city is not None else _build(entry, key, build)
    except OSError as error:
        raise UsageError(
            f"The city cache {folder} cannot be written ({error.strerror or error}). Free some space there, or name "
            "another folder in the environment variable GALLERIA_CACHE."
        ) from error


def entry_path(folder: Path, name: str, key: str) -> Path:
    """Name the folder of a city in the cache: one of one's own where another user has written it."""
    entry = folder / "cities" / f"{_plain(name)}-{key[:20]}"
    user = os.getuid() if hasattr(os, "getuid") else 0
    try:
        foreign = entry.stat().st_uid not in {user, 0}
    except OSError:
        foreign = False
    # what another user wrote into a shared cache may be anything; checksums beside it would be theirs too
    return entry.with_name(f"{entry.name}-{user}") if foreign else entry


@dataclass(frozen=True)
class Entry:
    """A city in the cache."""

    name: str
    key: str
    places: int
    megabytes: float


def entries(folder: Path) -> list[Entry]:
    """List the cities in the cache, by name."""
    found = []
    for about_file in (folder / "cities").glob("*/city.json"):
        try:
            about = json.loads(about_file.read_text(encoding="utf-8"))
            places = np.load(about_file.with_name("places.node.npy"), mmap_mode="r").size
            size = sum(path.stat().st_size for path in about_file.parent.iterdir())
        except (OSError, ValueError):
            continue
        found.append(Entry(about["name"], about["key"], places, size / 1e6))
    return sorted(found, key=lambda entry: (entry.name, entry.key))


def _build(entry: Path, key: str, build: Callable[[Path], City]) -> City:
    draft = entry.with_name(f".{entry.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        _save(build(draft), draft)
        shutil.rmtree(entry, ignore_errors=True)
        draft.rename(entry)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    city = _load(entry, key)
    if city is None:
        raise UsageError(f"The city cache {entry} was altered while it was written. Run the command again.")
    return city


def _save(city: City, folder: Path) -> None:
    for part in (city.places, city.zones, city.roads):
        for name, value in vars(part).items():
            if isinstance(value, np.ndarray):
                np.save(folder / f"{type(part).__name__.lower()}.{name}.npy", value)
    about = {
        "name": city.name,
        "key": city.key,
        "area_km2": city.area_km2,
        "torus_size_km": city.torus_size_km,
        "report": city.report,
        "class_names": city.roads.class_names,
        "time": [city.time.resolution, city.time.unit],
        "distance": [city.distance.resolution, city.distance.unit],
        "sites": {
            kind: [[site.name, site.place] for site in getattr(city, kind)]
            for kind in ("malls", "warehouses", "big_boxes")
        },
    }
    (folder / "city.json").write_text(json.dumps(about, indent=1), encoding="utf-8")
    sums = {path.name: _checksum(path) for path in sorted(folder.iterdir())}
    (folder / "checksums.json").write_text(json.dumps(sums, indent=1), encoding="utf-8")


def _load(entry: Path, key: str) -> City | None:
    """Load an entry, or None when it is not there, not whole, or another city's."""
    try:
        sums: dict[str, str] = json.loads((entry / "checksums.json").read_text(encoding="utf-8"))
        if any(_checksum(entry / name) != stated for name, stated in sums.items()):
            return None
        about: dict[str, Any] = json.loads((entry / "city.json").read_text(encoding="utf-8"))
        return _read(entry, sums, about) if about["key"] == key else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return None


def _read(entry: Path, sums: dict[str, str], about: dict[str, Any]) -> City:
    """Read the arrays of an entry; numpy unpickles none unless it is told to, and here it is not."""

    def columns(kind: type) -> dict[str, Any]:
        stem = kind.__name__.lower()
        stored = [f.name for f in fields(kind) if f"{stem}.{f.name}.npy" in sums]
        return {name: np.load(entry / f"{stem}.{name}.npy") for name in stored}

    def table(name: str) -> TravelTable:
        resolution, unit = about[name]
        return TravelTable(np.load(entry / f"{name}.npy", mmap_mode="r"), resolution, unit)

    sites = {kind: tuple(Site(*site) for site in found) for kind, found in about["sites"].items()}
    return City(
        name=about["name"],
        key=about["key"],
        area_km2=about["area_km2"],
        places=Places(**columns(Places)),
        zones=Zones(**columns(Zones)),
        **sites,
        time=table("time"),
        distance=table("distance"),
        roads=Roads(class_names=tuple(about["class_names"]), **columns(Roads)),
        report=tuple(about["report"]),
        torus_size_km=about["torus_size_km"],
    )


def _checksum(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _plain(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in name)[:40]
