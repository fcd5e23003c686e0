"""People per cell of an ESRI ASCII grid (.asc, degrees)."""

import re
from pathlib import Path

import numpy as np

from galleria.models.city.raw import Floats
from galleria.models.city.readers.text import number, text_of
from galleria.models.errors import UsageError

MOST_CELLS = 50_000_000
USUAL_NODATA = -9999.0
"""What a cell without data holds where the header does not say (ESRI's default)."""


def read_raster(path: Path) -> tuple[Floats, Floats, Floats, tuple[str, ...]]:
    """Read cells with people: float64 [n] longitude and latitude of their middles and people, and n labels.

    The header may state the corner or the centre of the lowest left cell, `cellsize` or `dx` and `dy`, and a NODATA
    value; names in any case.

    Raises
    ------
    UsageError
        When it is no such grid, was cut, or is not in degrees.
    """
    about, cells = _parse(path)
    rows, columns = cells.shape
    step_x, step_y = (about.get(name, about.get("cellsize", np.nan)) for name in ("dx", "dy"))
    west, south = (
        about[f"{axis}llcenter"] if f"{axis}llcenter" in about else about.get(f"{axis}llcorner", np.nan) + step / 2
        for axis, step in (("x", step_x), ("y", step_y))
    )
    if not np.isfinite([step_x, step_y, west, south]).all() or min(step_x, step_y) <= 0:
        raise _no_grid(path, "its header lacks cellsize (or dx and dy) or the corner (xllcorner and yllcorner)")
    lon = west + np.arange(columns) * step_x
    lat = south + np.arange(rows)[::-1] * step_y
    if max(abs(lon[0]), abs(lon[-1])) > 360 or max(abs(lat[0]), abs(lat[-1])) > 90:
        raise _no_grid(path, f"its corner ({west:,.0f}, {south:,.0f}) is no longitude and latitude")
    row, column = np.nonzero((cells != about.get("nodata_value", USUAL_NODATA)) & (cells > 0) & np.isfinite(cells))
    points = [np.asarray(axis, dtype=np.float64) for axis in (lon[column], lat[row], cells[row, column])]
    return points[0], points[1], points[2], tuple(f"{r}-{c}" for r, c in zip(row, column, strict=True))


def _parse(path: Path) -> tuple[dict[str, float], Floats]:
    """Split a grid into its header and float64 [rows, columns] cells."""
    text = text_of(path, "ASCII grid")
    about: dict[str, float] = {}
    while found := re.match(r"\s*([A-Za-z_]+)[ \t:=]+(\S+)[^\S\n]*(?:\n|$)", text):
        value = number(found[2].replace(",", "."))
        about[found[1].lower()] = value
        text = text[found.end() :]
    try:
        columns, rows = (int(about[name]) for name in ("ncols", "nrows"))
        if columns * rows > MOST_CELLS:
            raise _no_grid(path, f"it states {columns * rows:,} cells, more than a city has")
        cells = np.array(text.replace(",", ".").split(), dtype=np.float64)
    except (ValueError, KeyError, OverflowError) as error:
        raise _no_grid(path, str(error)) from None
    if cells.size != rows * columns or columns < 1:
        raise UsageError(
            f"{path} states {rows:,} rows of {columns:,} cells and holds {cells.size:,} values; it was cut or edited."
        )
    return about, cells.reshape(rows, columns)


def _no_grid(path: Path, why: str) -> UsageError:
    return UsageError(
        f"{path} is not an ESRI ASCII grid in degrees ({why}). Convert the raster to degrees "
        "(gdalwarp -t_srs EPSG:4326, gdal_translate -of AAIGrid)."
    )
