"""Opening files and reading the numbers in them, with messages for what people hand over by mistake."""

import gzip
import re
import zlib
from pathlib import Path

import numpy as np

from galleria.models.errors import UsageError

GZIP_MAGIC = b"\x1f\x8b"
KPH_PER_MPH = 1.609344


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
        When the file is empty, its gzip is cut or broken, or it is a web page.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}). Check the path and its rights.") from None
    if content.startswith(GZIP_MAGIC):
        try:
            content = gzip.decompress(content)
        except (EOFError, OSError, zlib.error):
            raise UsageError(
                f"{path} is a gzip file that was cut or damaged, so it cannot be unpacked. Download or copy it again."
            ) from None
    refuse_foreign(path, content, kind)
    return content


def refuse_foreign(path: Path, content: bytes, kind: str) -> None:
    """Refuse an empty file and a web page, told by the beginning of their content.

    Raises
    ------
    UsageError
        With what it is instead of a `kind` file.
    """
    if not content.strip():
        raise UsageError(f"{path} is empty. It should be a {kind} file; export or download it again.")
    if re.match(rb"(\xef\xbb\xbf)?\s*(<!doctype html|<html)", content[:200], re.IGNORECASE):
        raise UsageError(
            f"{path} is a web page (HTML), not a {kind} file; a download probably saved the page about the file. "
            "Download the file itself (the raw or download link)."
        )


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

    `50`, `35 mph`; of `50;40` the first; of a list `['50', '40']`, which OSMnx leaves on a road merged of several, the
    mean. Rounded to 0.1 km/h, as the table of road classes is. Words such as `walk`, `none` or `signals` give nan, and
    the table of road classes then decides.
    """
    if text is None:
        return np.nan
    found = [
        float(value) * (KPH_PER_MPH if unit else 1.0)
        for value, unit in re.findall(r"(\d+(?:\.\d+)?)\s*(mph)?", text, re.IGNORECASE)
    ]
    if not found:
        return np.nan
    return round(float(np.mean(found) if text.lstrip().startswith("[") else found[0]), 1)
