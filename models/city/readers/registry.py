"""The readers: each takes a path and the reading settings, and returns roads as read.

A new reader is one module with a function of that shape and one entry here; a plugin adds one by
`READERS.add(name, Reader(...))`.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from galleria.agents.kernel.registry import Registry
from galleria.models.city.raw import RawRoads
from galleria.models.city.readers.gmns import gmns_files, read_gmns
from galleria.models.city.readers.graphml import read_graphml
from galleria.models.city.readers.osm import read_osm
from galleria.models.city.readers.osmnx_json import read_osmnx_json
from galleria.models.city.readers.tables import pair_of, read_csv_pair
from galleria.models.city.readers.tntp import read_tntp
from galleria.models.city.readers.tntp_files import beside
from galleria.models.city.settings import ReadSettings
from galleria.models.errors import UsageError


@dataclass(frozen=True)
class Reader:
    """A format: its name in `city.format`, the ends of file names it owns, who reads it, and which files that takes."""

    name: str
    endings: tuple[str, ...]
    read: Callable[[Path, ReadSettings], RawRoads]
    files: Callable[[Path], tuple[Path, ...]] = lambda path: (path,)


def _tntp_files(path: Path) -> tuple[Path, ...]:
    nodes = beside(path, "node")
    return (path, *sorted(path.parent.glob("*nodes.geojson*"))) if nodes is None else (path, nodes)


READERS = Registry[Reader]("city format")
for each in (
    Reader("graphml", (".graphml", ".graphml.gz"), read_graphml),
    Reader("osm", (".osm.pbf", ".osm", ".osm.gz", ".osm.bz2"), read_osm),
    Reader(
        "gmns",
        ("link.csv", "link.csv.gz", "node.csv", "node.csv.gz"),
        read_gmns,
        gmns_files,
    ),
    Reader(
        "csv",
        ("edges.csv", "edges.csv.gz", "nodes.csv", "nodes.csv.gz"),
        read_csv_pair,
        lambda path: pair_of(path, "nodes", "edges"),
    ),
    Reader("osmnx_json", (".json", ".json.gz"), read_osmnx_json),
    Reader("tntp", ("_net.tntp", "_net.tntp.gz"), read_tntp, _tntp_files),
):
    READERS.add(each.name, each)


def formats() -> tuple[str, ...]:
    """List the names of the formats that can be read."""
    return tuple(READERS)


def find_reader(path: Path, name: str | None) -> tuple[Reader, Path]:
    """Find the reader by name or by the file's ending; in a folder, the first file some reader owns.

    Raises
    ------
    UsageError
        When the file is missing or of an unknown format.
    """
    if not path.exists():
        raise UsageError(f"There is no file {path}. Check city.path (it counts from {Path.cwd()}).")
    known = "; ".join(f"{reader.name} ({', '.join(reader.endings)})" for reader in READERS.values())
    if name is not None:
        if name not in READERS:
            raise UsageError(f"city.format = {name!r} is no known format. Known formats: {known}.")
        return READERS[name], path
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    for reader in READERS.values():
        for file in files:
            if file.name.lower().endswith(reader.endings):
                return reader, file
    what = "holds no file with" if path.is_dir() else "has"
    raise UsageError(
        f"{path} {what} an ending that belongs to a known format. Known formats: {known}. Name one in city.format."
    )


def read_roads(path: Path, name: str | None, settings: ReadSettings) -> RawRoads:
    """Read a road graph in the format of that name, or found by the file's ending."""
    reader, file = find_reader(path, name)
    return reader.read(file, settings)


def files_of(path: Path, name: str | None) -> tuple[Path, ...]:
    """List the files a road graph is read from."""
    reader, file = find_reader(path, name)
    return reader.files(file)


def own_code(path: Path, name: str | None) -> tuple[Path, ...]:
    """Return the file of code of a reader that a plugin brings: a city is read anew when it changes."""
    read = find_reader(path, name)[0].read
    if read.__module__.startswith("galleria.models."):
        return ()
    file = inspect.getsourcefile(read)
    return () if file is None or not Path(file).is_file() else (Path(file),)
