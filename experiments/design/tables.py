"""Points that a researcher wrote down: a CSV file, a column a config key, a row a point."""

import csv
from pathlib import Path

from galleria.models.errors import UsageError

Cell = bool | int | float | str | None


def read_table(setting: str, file: str) -> list[dict[str, Cell]]:
    """Read the rows of a table.

    Parameters
    ----------
    setting
        What names the file, for messages.
    file
        Its path.
    """
    try:
        with Path(file).open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except OSError as error:
        raise UsageError(f"{setting} = {file}: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{setting} = {file} is not a CSV table: {error}") from error
    if not rows:
        raise UsageError(f"{setting} = {file} has no rows")
    broken = [i for i, row in enumerate(rows, 2) if None in row or None in row.values()]
    if broken:
        raise UsageError(f"{setting} = {file}: line {broken[0]} has not as many cells as the header")
    return [{key: _cell(text) for key, text in row.items()} for row in rows]


def _cell(text: str) -> Cell:
    """Read a cell as YAML would: whole numbers, numbers, true and false, null, text."""
    plain = text.strip()
    if plain.lower() in {"", "null"}:
        return None
    if plain.lower() in {"true", "false"}:
        return plain.lower() == "true"
    for number in (int, float):
        try:
            return number(plain)
        except ValueError:
            continue
    return plain
