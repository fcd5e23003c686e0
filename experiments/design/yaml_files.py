"""YAML of others, looked at before anything is made of it: how long, how deep, and how much its aliases stand for.

A few lines of aliases to aliases stand for more than any machine holds. Events are read one by one here, so that
nothing is made of them.
"""

import codecs
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from galleria.models.errors import UsageError

MOST_BYTES = 2_000_000
"""Length of a file; a design of as many points as can be planned is shorter."""

DEEPEST = 50
"""Lists and mappings within each other."""

MOST_NODES = 300_000
"""Values of a file, those that aliases stand for counted each time."""

MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def check_yaml(path: Path) -> None:
    """Raise UsageError for a file that would take more time or memory than any configuration needs.

    What is no YAML at all is left to whoever reads it.
    """
    if not path.is_file():
        raise UsageError(f"{path}: this is no file that can be read")
    if (size := path.stat().st_size) > MOST_BYTES:
        raise UsageError(f"{path}: a configuration of {size / 1e6:.1f} MB; at most {MOST_BYTES / 1e6:.0f} MB are read")
    with path.open("rb") as stream:
        if stream.read(3).startswith(MARKS):
            raise UsageError(
                f"{path}: begins with a byte order mark, as some editors on Windows save files, and Hydra then misses "
                "the header @package; save it as UTF-8 without the mark"
            )
        stream.seek(0)
        try:
            _check_events(path, yaml.parse(stream, Loader=_LOADER))
        except (yaml.YAMLError, UnicodeError):
            return


def check_folder(folder: Path) -> None:
    """Check every file of YAML below a folder; hidden folders and those met before are passed over."""
    for path in _files(folder):
        check_yaml(path)


def _files(folder: Path) -> Iterator[Path]:
    seen: set[str] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(place)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(place) / name for name in names if name.endswith((".yaml", ".yml")))


def _check_events(path: Path, events: Iterator[Any]) -> None:
    sizes: dict[str | None, int] = {}
    opened: list[tuple[str | None, int]] = []
    nodes = 0
    for event in events:
        if isinstance(event, yaml.CollectionEndEvent):
            anchor, before = opened.pop()
            sizes[anchor] = nodes - before
        elif isinstance(event, yaml.NodeEvent):
            nodes += _size(path, event, sizes, opened)
            if isinstance(event, yaml.CollectionStartEvent):
                opened.append((event.anchor, nodes - 1))
        if len(opened) > DEEPEST:
            raise UsageError(f"{path}: lists and mappings more than {DEEPEST} deep")
        if nodes > MOST_NODES:
            raise UsageError(f"{path}: its aliases stand for more than {MOST_NODES:,} values")


def _size(path: Path, event: Any, sizes: dict[str | None, int], opened: list[tuple[str | None, int]]) -> int:
    """Count what one event stands for."""
    if not isinstance(event, yaml.AliasEvent):
        sizes[event.anchor] = 1
        return 1
    if any(anchor == event.anchor for anchor, _ in opened):
        raise UsageError(f"{path}: *{event.anchor} stands within what it stands for")
    return sizes.get(event.anchor, 1)
