"""Tables as text: comma, semicolon, tab or bar between columns, decimal points or commas, in the usual encodings."""

import io
import re
import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from galleria.models.city.raw import Floats
from galleria.models.city.readers.text import text_of
from galleria.models.errors import UsageError

WIDEST, LONGEST = 2_000, 100_000
"""Columns and characters of a table's first line; files of roads, people and malls have a few dozen columns."""
WITH_COMMA = re.compile(r"[-+]?(\d*|\d{1,3}(\.\d{3})+),\d+")
NUMBER = re.compile(r"|[-+]?\d*(,\d+)?|[-+]?\d{1,3}(\.\d{3})+(,\d+)?")


def read_table(path: Path, needed: Iterable[str] = (), mend: str = "", maybe: Iterable[str] = ()) -> pd.DataFrame:
    """Read a table with every value as text, empty where there is none.

    The separator is the one of comma, semicolon, tab and bar that the first line holds most of. Where it is no comma
    and numbers are written with decimal commas, these become points (and points between thousands go). Needed columns
    are found whatever their letters' case.

    Parameters
    ----------
    path
        The file; may be gzipped.
    needed
        Columns that must be there.
    mend
        What to do when they are not, for the message.
    maybe
        Columns that may be there, found whatever their letters' case.

    Raises
    ------
    UsageError
        When it is no such table or lacks a column.
    """
    text = text_of(path, "CSV").lstrip("\n\r")
    first = text.split("\n", 1)[0]
    mark = max(",;\t|", key=re.sub(r'"[^"]*"', "", first[:LONGEST]).count)
    if len(first) > LONGEST or first.count(mark) >= WIDEST:
        raise UsageError(
            f"{path} has more than {WIDEST:,} columns or {LONGEST:,} characters in its first line, as no table here "
            f"does. {mend}".rstrip()
        )
    content = io.BytesIO(text.encode())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a row longer than the first line
            table = pd.read_csv(
                content, sep=mark, dtype=str, keep_default_na=False, index_col=False, skipinitialspace=True
            )
    except (pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError, ValueError) as error:
        why = " ".join(str(error).split())
        raise UsageError(f"{path} is not a readable CSV file ({why}). Export it again.") from None
    table.columns = [str(name).strip() for name in table.columns]
    table = _renamed(table, (*needed, *maybe))
    absent = [name for name in needed if name not in table]
    if absent:
        held = ", ".join(repr(name) if not name.isprintable() or not name else name for name in table.columns[:12])
        raise UsageError(f"{path} lacks the columns {', '.join(absent)}; it has {held}. {mend}".rstrip())
    table = table.apply(lambda column: column.str.strip())
    return table if mark == "," else _with_points(table)


def _renamed(table: pd.DataFrame, needed: tuple[str, ...]) -> pd.DataFrame:
    """Call columns as they are needed where only the case of their letters differs."""
    plain = {name.lower(): name for name in table.columns}
    wanted = {plain[name.lower()]: name for name in needed if name not in table and name.lower() in plain}
    return table.rename(columns=wanted)


def _with_points(table: pd.DataFrame) -> pd.DataFrame:
    """Write numbers with decimal points where the table has decimal commas."""
    if not any(column.str.fullmatch(WITH_COMMA).any() for _, column in table.items()):
        return table
    for name, column in table.items():
        # a line of points has commas of its own; a name may have a point
        if column.str.fullmatch(NUMBER).all():
            table[name] = column.str.replace(".", "").str.replace(",", ".")
    return table


def numbers(table: pd.DataFrame, name: str) -> Floats:
    """Return a column as float64, nan where it is missing or no number."""
    if name not in table:
        return np.full(len(table), np.nan)
    return np.asarray(pd.to_numeric(table[name], errors="coerce"), dtype=np.float64)


def words(table: pd.DataFrame, name: str) -> list[str]:
    """Return a column of road classes, `unclassified` where there is none."""
    return [word or "unclassified" for word in table[name]] if name in table else ["unclassified"] * len(table)
