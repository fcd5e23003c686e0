"""The list of readers: each takes a path and gives roads as read.

A new reader is one module with a function of that shape and one line here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from models.city.errors import CityError
from models.city.raw import RawRoads
from models.city.readers.graphml import read_graphml


@dataclass(frozen=True)
class Reader:
    """A format: what it is called in `city.format`, the ends of file names it owns, and who reads it."""

    name: str
    endings: tuple[str, ...]
    read: Callable[[Path], RawRoads]


READERS: tuple[Reader, ...] = (Reader("graphml", (".graphml", ".graphml.gz"), read_graphml),)


def formats() -> tuple[str, ...]:
    """List the names of the formats that can be read."""
    return tuple(reader.name for reader in READERS)


def read_roads(path: Path, name: str | None) -> RawRoads:
    """Read a road graph in the format of that name, or found by the file's ending.

    Raises
    ------
    CityError
        When the file is missing, of an unknown format, or bad.
    """
    if not path.exists():
        raise CityError(f"There is no file {path}. Check city.path (it counts from {Path.cwd()}).")
    if name is not None:
        found = [reader for reader in READERS if reader.name == name]
        wrong = f"city.format = {name!r} is no known format"
    else:
        found = [reader for reader in READERS if path.name.lower().endswith(reader.endings)]
        wrong = f"{path} has an ending that belongs to no known format"
    if not found:
        known = "; ".join(f"{reader.name} ({', '.join(reader.endings)})" for reader in READERS)
        raise CityError(f"{wrong}. Known formats: {known}. Name one in city.format.")
    return found[0].read(path)
