"""TNTP text files: networks, trips and flows of the transportation test problems (each may be gzipped)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from galleria.models.city.raw import Floats, Ints
from galleria.models.city.readers.text import text_of
from galleria.models.errors import UsageError

COLUMNS = (
    "init_node",
    "term_node",
    "capacity",
    "length",
    "free_flow_time",
    "b",
    "power",
    "speed",
    "toll",
    "link_type",
)
COUNTED = (0, 1, 2, 3, 4, 5, 6, 8)
"""Columns that must hold numbers; speed and link_type are not computed with."""
NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][-+]?\d+)?"


@dataclass(frozen=True, eq=False)
class TntpNetwork:
    """A network of m links as the file states it, in the file's own units.

    Parameters
    ----------
    zones, nodes
        How many; zones are the nodes 1 to `zones`.
    first_through_node
        Nodes with a smaller number are only origins and destinations: no path leads through them.
    tail, head
        int32 [m], node numbers less one.
    capacity, length, free_time, b, power, toll
        float64 [m].
    kind
        int32 [m], the file's link types; 0 where it has none.
    """

    zones: int
    nodes: int
    first_through_node: int
    tail: Ints
    head: Ints
    capacity: Floats
    length: Floats
    free_time: Floats
    b: Floats
    power: Floats
    toll: Floats
    kind: Ints


def read_network(path: Path) -> TntpNetwork:
    """Read a `_net.tntp` file; a missing last column (link_type) is no fault.

    Raises
    ------
    UsageError
        When it is no such file, its counts do not fit its header, or a value is no number, with line or link.
    """
    about, lines = _parts(path)
    zones, nodes, links = (
        _count(about, name, path) for name in ("NUMBER OF ZONES", "NUMBER OF NODES", "NUMBER OF LINKS")
    )
    first = _count(about, "FIRST THRU NODE", path) if "FIRST THRU NODE" in about else 1
    rows = [(at, line.split(";")[0].replace(",", " ").split()) for at, line in lines]
    rows = [(at, row) for at, row in rows if row]
    if len(rows) != links:
        raise UsageError(f"{path} states {links:,} links but holds {len(rows):,}; it was cut or edited.")
    table = np.zeros((links, len(COLUMNS)))
    for k, (at, row) in enumerate(rows):
        if len(row) < len(COLUMNS) - 1:
            raise UsageError(
                f"{path}, line {at}: {len(row)} of ten columns ({', '.join(COLUMNS)}). Write all of them, the link "
                "type may be left out."
            )
        table[k, : len(row)] = [_number(value) for value in row[: len(COLUMNS)]]
    _refuse_odd(table, path, [at for at, _ in rows])
    tail, head = table[:, 0].astype(np.int32) - 1, table[:, 1].astype(np.int32) - 1
    if links and (min(tail.min(), head.min()) < 0 or max(tail.max(), head.max()) >= nodes):
        raise UsageError(f"{path} has links that name nodes beyond its {nodes:,}; it was cut or edited.")
    return TntpNetwork(
        zones=zones,
        nodes=nodes,
        first_through_node=first,
        tail=tail,
        head=head,
        capacity=table[:, 2],
        length=table[:, 3],
        free_time=table[:, 4],
        b=table[:, 5],
        power=table[:, 6],
        toll=table[:, 8],
        kind=np.nan_to_num(table[:, 9], nan=0.0, posinf=0.0, neginf=0.0).astype(np.int32),
    )


def _refuse_odd(table: Floats, path: Path, line: list[int]) -> None:
    """Refuse values that are no numbers or below zero, and capacities of zero where the cost depends on them."""
    odd = ~np.isfinite(table) | (table < 0)
    odd[:, [k for k in range(len(COLUMNS)) if k not in COUNTED]] = False
    odd[:, 2] |= (table[:, 2] == 0) & (table[:, 5] > 0) & (table[:, 6] > 0)
    odd[:, :2] |= table[:, :2] != np.floor(table[:, :2])
    if not odd.any():
        return
    k, column = (int(v) for v in np.argwhere(odd)[0])
    raise UsageError(
        f"{path}, line {line[k]}: {COLUMNS[column]} of the link from {table[k, 0]:g} to {table[k, 1]:g} is "
        f"{table[k, column]:g}, which no cost can be computed with ({odd.any(axis=1).sum():,} such links). Write a "
        f"number {'above' if column == 2 else 'of at least'} zero."
    )


def read_trips(path: Path, zones: int) -> Floats:
    """Read a `_trips.tntp` file: float64 [zones, zones], trips from row to column.

    Raises
    ------
    UsageError
        When it is no such file, names a zone beyond 1 to `zones`, or an amount is no number from zero.
    """
    _, lines = _parts(path)
    trips = np.zeros((zones, zones))
    stated = np.zeros((zones, zones), dtype=bool)
    origin = 0
    for at, line in lines:
        rest = line
        if found := re.match(r"origin\s*:?\s*(\d+)(?![\d.])", rest, re.IGNORECASE):
            origin, rest = _zone(found[1], zones, path, at), rest[found.end() :]
        for entry in filter(None, (part.strip() for part in rest.split(";"))):
            pair = re.fullmatch(rf"(\d+)(?:\.0*)?\s*:\s*({NUMBER})", entry)
            if pair is None or not origin:
                why = "comes before any origin" if pair else "is not written as destination : trips;"
                raise UsageError(f"{path}, line {at}: {entry[:40]!r} {why}. It is not a readable TNTP trips file.")
            where = origin - 1, _zone(pair[1], zones, path, at) - 1
            amount = _number(pair[2])
            if not 0 <= amount < np.inf or (stated[where] and trips[where] != amount):
                raise UsageError(
                    f"{path}, line {at}: {amount:g} trips from zone {origin} to {pair[1]}"
                    f"{f', after {trips[where]:g}' * bool(stated[where])}. State each pair once, with a number of at "
                    "least zero."
                )
            trips[where], stated[where] = amount, True
    if not origin:
        raise UsageError(f"{path} names no origin; it is not a TNTP trips file.")
    return trips


def _zone(text: str, zones: int, path: Path, line: int) -> int:
    zone = int(text)
    if not 1 <= zone <= zones:
        raise UsageError(
            f"{path}, line {line}: zone {zone} is none of this network, whose zones are numbered from 1 to {zones:,}. "
            "Number the zones from 1, as the network does."
        )
    return zone


def read_flows(path: Path) -> tuple[Ints, Ints, Floats]:
    """Read a `_flow.tntp` file: int32 [m] tails and heads (node numbers less one) and float64 [m] volumes.

    Raises
    ------
    UsageError
        When a line below the first holds no such numbers.
    """
    table = np.array([row[:3] for row in number_lines(path, 3)])
    return table[:, 0].astype(np.int32) - 1, table[:, 1].astype(np.int32) - 1, table[:, 2]


def number_lines(path: Path, least: int) -> list[list[float]]:
    """Read lines of numbers apart by spaces, tabs, commas or semicolons below a line of names, without comments.

    Raises
    ------
    UsageError
        When a line holds fewer than `least` numbers.
    """
    rows: list[list[float]] = []
    for at, line in _lines(text_of(path, "TNTP")):
        words = [word for word in re.split(r"[\s;,]+", line) if word]
        values = [_number(word) for word in words[:least]]
        if len(values) == least and np.isfinite(values).all():
            rows.append(values)
        elif rows or not re.match(r"[A-Za-z_\"'<]", line):  # names may stand above the first numbers only
            raise UsageError(f"{path}, line {at}: {line[:40]!r} should begin with {least} numbers. Mend or remove it.")
    if not rows:
        raise UsageError(f"{path} holds no line of {least} numbers; it is not a TNTP file of this kind.")
    return rows


def beside(path: Path, part: str) -> Path | None:
    """Find the trips, node or flow file beside a network file, by the same name in any case of letters."""
    stem = re.sub(r"_net\.tntp(\.gz)?$", "", path.name, flags=re.IGNORECASE).lower()
    wanted = (f"{stem}_{part}.tntp", f"{stem}_{part}.tntp.gz")
    there = {file.name.lower(): file for file in sorted(path.parent.iterdir(), reverse=True) if file.is_file()}
    return next((there[name] for name in wanted if name in there), None)


def _number(text: str) -> float:
    try:
        return float(text.replace("d", "e").replace("D", "e"))
    except ValueError:
        return np.nan


def _count(about: dict[str, tuple[int, str]], name: str, path: Path) -> int:
    """Return a whole number of the header."""
    if name not in about:
        raise UsageError(
            f"{path} is not a TNTP network file (its header has no <{name}>). It needs the numbers of zones, nodes and "
            "links, and ten columns from init_node to link_type."
        )
    at, text = about[name]
    value = _number(text)
    if not (np.isfinite(value) and value >= 0 and value == int(value)):
        raise UsageError(f"{path}, line {at}: <{name}> in the header is {text!r}, not a whole number. Write one.")
    return int(value)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Give the lines of a file with their numbers, without blank ones and comments (from ~ on)."""
    for at, line in enumerate(text.splitlines(), start=1):
        held = line.split("~", 1)[0].strip()
        if held.strip("; \t"):
            yield at, held


def _parts(path: Path) -> tuple[dict[str, tuple[int, str]], list[tuple[int, str]]]:
    """Split a file into its metadata and the numbered lines that follow."""
    lines = list(_lines(text_of(path, "TNTP")))
    mark = re.compile(r"<\s*END OF METADATA\s*>", re.IGNORECASE)
    end = next((k for k, (_, line) in enumerate(lines) if mark.match(line)), None)
    if end is None:
        raise UsageError(f"{path} is not a TNTP file: it has no line <END OF METADATA>.")
    found = ((at, re.match(r"<([^>]+)>\s*(.*)", line)) for at, line in lines[:end])
    about = {match[1].strip().upper(): (at, match[2].strip()) for at, match in found if match}
    return about, lines[end + 1 :]
