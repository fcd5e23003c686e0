"""Opening files and reading the numbers in them, with messages for what people hand over by mistake."""

import bz2
import codecs
import gzip
import hashlib
import re
import stat
import zlib
from collections.abc import Iterable
from io import BufferedReader
from pathlib import Path

import numpy as np

from galleria.models.errors import UsageError

GZIP_MAGIC, BZIP_MAGIC = b"\x1f\x8b", b"BZh"
KPH_PER_MPH = 1.609344
KPH_PER_KNOT = 1.852
LARGEST_BYTES = 200_000_000
"""Unpacked bytes of a text file that is read as a whole; larger extracts are read from .osm.pbf."""
BOMB_BYTES, BOMB_RATIO = 50_000_000, 200
"""A packed file beyond both is no text of roads: those shrink five- to thirtyfold."""
CHUNK = 1 << 20
NO_SPEED = frozenset({"", "nan", "none", "null", "[]"})


def open_file(path: Path) -> BufferedReader:
    """Open a regular file for reading bytes; what is none (a pipe, a device, a folder) is refused, never waited for.

    Raises
    ------
    UsageError
        When it cannot be read.
    """
    try:
        kind = path.stat().st_mode
        if stat.S_ISREG(kind):
            return path.open("rb")
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}). Check the path and its rights.") from None
    what = "a folder" if stat.S_ISDIR(kind) else "a pipe, socket or device"
    raise UsageError(f"{path} cannot be read (it is {what}, not a file). Name a file.")


def sha256_of(path: Path) -> str:
    """Hash a file's content.

    Raises
    ------
    UsageError
        When it is not there or cannot be read.
    """
    if not path.exists():
        raise UsageError(f"There is no file {path}. Check the path (it counts from {Path.cwd()}).")
    with open_file(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_bytes(path: Path, kind: str) -> bytes:
    """Read a whole file, unpacked when it is gzipped whatever its name says.

    Parameters
    ----------
    path
        The file.
    kind
        What it should be ("GraphML"), for messages.

    Raises
    ------
    UsageError
        When the file is empty, too large, no regular file, its gzip is cut, broken or a bomb, or it is a web page.
    """
    with open_file(path) as stream:
        packed = stream.read(2) == GZIP_MAGIC
        stream.seek(0)
        size = path.stat().st_size
        parts, had = [], 0
        try:
            with gzip.open(stream) if packed else stream as source:
                while part := source.read(CHUNK):
                    had += len(part)
                    if packed:
                        _refuse_bomb(path, had, size, kind)
                    _refuse_huge(path, had, kind)
                    parts.append(part)
        except (EOFError, OSError, zlib.error):
            raise UsageError(
                f"{path} is a gzip file that was cut or damaged, so it cannot be unpacked. Download or copy it again."
                if packed
                else f"{path} cannot be read to its end. Check the disk, or copy it again."
            ) from None
    content = b"".join(parts)
    refuse_foreign(path, content, kind)
    return content


def check_packed(path: Path, kind: str) -> None:
    """Unpack a gzip or bzip2 file piece by piece and refuse what `read_bytes` refuses, keeping nothing.

    Raises
    ------
    UsageError
        As `read_bytes`, but for the size of what is no bomb.
    """
    with open_file(path) as stream:
        mark = stream.read(200)
        unpack = gzip.open if mark.startswith(GZIP_MAGIC) else bz2.open if mark.startswith(BZIP_MAGIC) else None
        if unpack is None:
            refuse_foreign(path, mark, kind)
            return
        stream.seek(0)
        had, size, first = 0, path.stat().st_size, b""
        try:
            with unpack(stream) as source:
                while part := source.read(CHUNK):
                    first = first or part[:200]
                    had += len(part)
                    _refuse_bomb(path, had, size, kind)
        except (EOFError, OSError, zlib.error):
            raise UsageError(
                f"{path} is a packed file that was cut or damaged, so it cannot be unpacked. Download or copy it again."
            ) from None
    refuse_foreign(path, first, kind)


def _refuse_bomb(path: Path, had: int, size: int, kind: str) -> None:
    if had > BOMB_BYTES and had > BOMB_RATIO * size:
        raise UsageError(
            f"{path} unpacks to more than {BOMB_RATIO} times its size, as no {kind} file of a city does, and was not "
            "read further. Get the file from its source again."
        )


def _refuse_huge(path: Path, had: int, kind: str) -> None:
    if had > LARGEST_BYTES:
        raise UsageError(
            f"{path} holds more than {LARGEST_BYTES / 1e6:,.0f} MB, and a {kind} file is read as a whole. Cut it to "
            "the area of the city, or use an extract (.osm.pbf)."
        )


def refuse_foreign(path: Path, content: bytes, kind: str) -> None:
    """Refuse an empty file, a web page and a pickle, told by the beginning of their content.

    Raises
    ------
    UsageError
        With what it is instead of a `kind` file.
    """
    if not content[:CHUNK].strip() and not content.strip():
        raise UsageError(f"{path} is empty. It should be a {kind} file; export or download it again.")
    if re.match(rb"(\xef\xbb\xbf)?\s*(<!doctype html|<html)", content[:200], re.IGNORECASE):
        raise UsageError(
            f"{path} is a web page (HTML), not a {kind} file; a download probably saved the page about the file. "
            "Download the file itself (the raw or download link)."
        )
    if re.match(rb"\x80[\x02-\x05]", content[:2]):
        raise UsageError(
            f"{path} is a Python pickle, not a {kind} file. Pickles run code when they are opened, so none is read; "
            f"save the graph as {kind}."
        )


def text_of(path: Path, kind: str) -> str:
    """Read a text file: UTF-8 or UTF-16 by its mark, else UTF-8, else the western Windows code page."""
    content = read_bytes(path, kind)
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            try:
                return content.decode(name)
            except UnicodeDecodeError as error:
                raise UsageError(f"{path} is no readable {name} text ({error.reason}). Save it as UTF-8.") from None
    if b"\0" in content[:4000]:
        raise UsageError(f"{path} is no text (it holds zero bytes). Save it as {kind} in UTF-8.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def number(text: str | None) -> float:
    """Read a number; nan when there is none."""
    if text is None:
        return np.nan
    try:
        return float(text)
    except ValueError:
        return np.nan


def first_of(text: str | None) -> str:
    """Take the first of a list written as OSMnx does (`['primary', 'secondary']`) or as OSM does (`a;b`)."""
    if text is None:
        return ""
    text = text.strip()
    if text.startswith("["):
        text = text.strip("[]").split(",")[0].strip().strip("'\"")
    return text.split(";")[0].strip()


def speed_kph(text: str | None) -> float:
    """Read a speed (km/h) as OSM tags it; nan when there is none.

    `50`, `50 km/h`, `35 mph`, `35 mi/h`, `10 knots`; of `50;40` the first; of a list `['50', '40']`, which OSMnx leaves
    on a road merged of several, the mean. Rounded to 0.1 km/h, as the table of road classes is. Words such as `walk`,
    `none` or `signals` and numbers below zero give nan, and the table of road classes then decides.
    """
    if text is None:
        return np.nan
    found = [
        float(value) * (KPH_PER_MPH if unit.lower().startswith("m") else KPH_PER_KNOT if unit else 1.0)
        for value, unit in re.findall(
            r"(?<![-\d.])(\d+(?:\.\d+)?)\s*(mph|mi/h|miles|knots?\b|kn\b|kt\b)?", text, re.IGNORECASE
        )
    ]
    if not found:
        return np.nan
    return round(float(np.mean(found) if text.lstrip().startswith("[") else found[0]), 1)


def unread_speeds(texts: Iterable[str | None]) -> tuple[str, ...]:
    """Say how many speeds are stated in words or numbers that are no speed."""
    odd = [text.strip() for text in texts if text is not None and np.isnan(speed_kph(text))]
    odd = [text for text in odd if text.lower() not in NO_SPEED]
    if not odd:
        return ()
    some = ", ".join(sorted(set(odd))[:4])
    return (f"{len(odd):,} edges state a speed that is no number ({some}); the table of road classes decides there.",)
