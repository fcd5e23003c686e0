"""GMNS road graphs: node.csv, link.csv, and the units and projection that config.csv states (each may be gzipped)."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from galleria.models.city.raw import Floats, RawRoads, row_index, rows_of
from galleria.models.city.readers.crs import unit_of
from galleria.models.city.readers.csv_text import numbers, read_table, words
from galleria.models.city.readers.lines import shapes_of
from galleria.models.city.readers.tables import MEND, pair_of, table_in
from galleria.models.city.readers.units import KPH, METRES, factor
from galleria.models.city.settings import ReadSettings
from galleria.models.errors import UsageError

type Flags = NDArray[np.bool_]

YES, NO = frozenset({"1", "1.0", "true", "t", "yes", "y"}), frozenset({"0", "0.0", "false", "f", "no", "n"})
BLANK = frozenset({"", "nan", "none", "null", "na", "<na>", "n/a"})
BY_CAR = re.compile(r"auto|car|drive|motor|vehicle|passenger|sov|hov|taxi|all$|any$|da$|sr\d|mv$", re.IGNORECASE)
"""How a use begins that a car may make."""


@dataclass(frozen=True)
class _Config:
    """What config.csv says: metres per length, km/h per speed (None where it does not say), projection."""

    metres: float
    kph: float | None
    crs: str | None
    notes: tuple[str, ...]


def gmns_files(path: Path) -> tuple[Path, ...]:
    """List the files of a GMNS graph."""
    config = _config_file(path)
    return (*pair_of(path, "node", "link"), *(() if config is None else (config,)))


def read_gmns(path: Path, settings: ReadSettings) -> RawRoads:
    """Read GMNS node and link tables as osm2gmns and its kin write them.

    Without a config.csv `length` is in metres and `free_speed` in the unit of `city.read.gmns_speed_unit`. Speeds of
    the classes in `city.read.gmns_untrusted`, and those whose `free_speed_raw` is empty, are a tool's defaults and are
    replaced by the table of road classes. Links of classes and uses that no car has are left out. `directed` says
    whether a link runs both ways, `dir_flag` then only how its shape is drawn; where there is no column `directed`,
    `dir_flag` gives the direction (1 forward, -1 backward, 0 both), as older writers meant it.
    """
    node_file, link_file = pair_of(path, "node", "link")
    config = _read_config(_config_file(path))
    nodes = read_table(node_file, ("node_id", "x_coord", "y_coord"), MEND)
    links = read_table(link_file, ("from_node_id", "to_node_id"), MEND)
    links.columns = [name if name in {"from_node_id", "to_node_id"} else name.lower() for name in links.columns]
    named = next((c for c in ("link_type_name", "facility_type") if c in links), None)
    links["highway"] = links[named] if named is not None else ""
    links, said = _open_links(links, settings, link_file)
    row_of_link, back, drawn_back = _runs(links, link_file)
    shapes = shapes_of(links["geometry"].iloc[row_of_link], str(link_file)) if "geometry" in links else {}
    runs = links.iloc[row_of_link].reset_index(drop=True)
    doubtful = runs["highway"].isin(settings.gmns_untrusted)
    if "free_speed_raw" in runs:
        doubtful |= runs["free_speed_raw"].str.lower().isin(BLANK)
    if doubtful.any():
        said.append(f"{doubtful.sum():,} links state a tool's default speed, which was not trusted.")
    kph = config.kph if config.kph is not None else KPH[settings.gmns_speed_unit]
    node_id = nodes["node_id"].tolist()
    row = row_index(node_id, str(node_file))
    unit, x, y, noticed = unit_of(config.crs, numbers(nodes, "x_coord"), numbers(nodes, "y_coord"), str(node_file))
    ends = [rows_of(runs[name], row, str(link_file)) for name in ("from_node_id", "to_node_id")]
    length = numbers(runs, "length")
    return RawRoads(
        source=str(link_file),
        unit=unit,
        node_id=node_id,
        x=x,
        y=y,
        tail=np.where(back, ends[1], ends[0]),
        head=np.where(back, ends[0], ends[1]),
        length_m=length if config.metres == 1.0 else length * config.metres,
        speed_kph=np.round(np.where(doubtful, np.nan, _speeds(runs, kph)), 1),
        time_s=np.full(len(runs), np.nan),
        lanes=numbers(runs, "lanes"),
        road_class=words(runs, "highway"),
        shapes={k: line[::-1] if back[k] != drawn_back[k] else line for k, line in shapes.items()},
        notes=(*config.notes, *noticed, *said),
    )


def _speeds(links: pd.DataFrame, kph: float) -> Floats:
    stated = numbers(links, "free_speed") * kph
    return np.where(stated > 0, stated, np.nan)


def _config_file(path: Path) -> Path | None:
    return table_in(path if path.is_dir() else path.parent, "config")


def _read_config(path: Path | None) -> _Config:
    """Read the units and the projection that a data set states.

    Raises
    ------
    UsageError
        When a unit is not known.
    """
    if path is None:
        return _Config(1.0, None, None, ())
    table = read_table(path)
    table.columns = [name.lower() for name in table.columns]
    first = table.iloc[0].to_dict() if len(table) else {}
    held = {str(name): str(value) for name, value in first.items() if str(value).lower() not in BLANK}
    metres, kph, notes = 1.0, None, []
    if "long_length" in held:
        metres = factor(held["long_length"], METRES, f"{path}: long_length")
        notes.append(f"Lengths are read in {held['long_length']}, as {path.name} states.")
    if "speed" in held:
        kph = factor(held["speed"], KPH, f"{path}: speed")
        notes.append(f"Speeds are read in {held['speed']}, as {path.name} states.")
    crs = held.get("crs")
    return _Config(metres, kph, f"EPSG:{int(float(crs))}" if crs and _is_number(crs) else crs, tuple(notes))


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\d+(\.0*)?", text) is not None


def _open_links(links: pd.DataFrame, settings: ReadSettings, source: Path) -> tuple[pd.DataFrame, list[str]]:
    """Leave out links that no car uses, and say so.

    Raises
    ------
    UsageError
        When none is left, with the uses that were found.
    """
    shut = links["highway"].isin(settings.gmns_closed)
    uses = links["allowed_uses"] if "allowed_uses" in links else pd.Series("", index=links.index)
    by_car = {text: _by_car(text) for text in uses.unique()}
    shut |= ~uses.map(by_car).astype(bool)
    if not shut.any():
        return links, []
    if shut.all():
        held = ", ".join(sorted(repr(text) for text in by_car)[:8])
        raise UsageError(
            f"{source}: no link is open to cars by its allowed_uses ({held}) and class. A use that begins with auto, "
            "car, drive, vehicle or all opens it; an empty one too."
        )
    odd = sorted(text for text, car in by_car.items() if not car)
    which = f" (allowed_uses {', '.join(odd[:4])})" if odd else ""
    return links[~shut].reset_index(drop=True), [f"{shut.sum():,} links that no car uses were left out{which}."]


def _by_car(uses: str) -> bool:
    if uses.lower() in BLANK:
        return True
    return any(BY_CAR.match(use) for use in re.split(r"[^A-Za-z0-9]+", uses) if use)


def _runs(links: pd.DataFrame, source: Path) -> tuple[NDArray[np.intp], Flags, Flags]:
    """Return, for each direction a link is driven in, its row, whether it runs against the link, and how it is drawn.

    Links first, ways back after them.
    """
    flag = numbers(links, "dir_flag")
    rows = np.arange(len(links))
    if "directed" in links:
        one_way = _booleans(links["directed"], "directed", source)
        drawn_back = flag == -1
        row = np.concatenate([rows, rows[~one_way]])
        return row, np.arange(row.size) >= rows.size, drawn_back[row]
    backward = flag == -1
    both = np.isin(flag, [0, 2])
    row = np.concatenate([rows[~backward], rows[backward | both]])
    return row, np.arange(row.size) >= (~backward).sum(), np.zeros(row.size, dtype=bool)


def _booleans(column: pd.Series, name: str, source: Path) -> Flags:
    """Read yes and no in the ways data frames, databases and people write them; blank is yes.

    Raises
    ------
    UsageError
        When a value is neither.
    """
    plain = column.str.lower()
    odd = ~plain.isin(YES | NO | BLANK)
    if odd.any():
        line = int(np.flatnonzero(odd)[0])
        raise UsageError(f"{source}, line {line + 2}: {name} is {column.iloc[line]!r}, not 1 or 0 (or true or false).")
    return np.asarray(~plain.isin(NO), dtype=bool)
