"""Road graphs as two plain tables: nodes.csv and edges.csv (each may be gzipped)."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from galleria.models.city.raw import Floats, RawRoads, row_index, rows_of
from galleria.models.city.readers.csv_text import numbers, read_table, words
from galleria.models.city.readers.lines import shapes_of
from galleria.models.city.readers.text import speed_kph, unread_speeds
from galleria.models.city.readers.units import KPH, METRES, SECONDS, factor
from galleria.models.city.settings import ReadSettings
from galleria.models.errors import UsageError

MEND = "Rename the columns, or name the right format in city.format."


def read_csv_pair(path: Path, settings: ReadSettings) -> RawRoads:  # noqa: ARG001 (readers share one shape)
    """Read nodes.csv (node, lon, lat) and edges.csv (u, v, length_m, highway, speed_kph, time_s, lanes, geometry).

    All columns but the names of nodes and their coordinates may be missing or empty; lengths, speeds and times may
    stand in other units that the column names (`length_km`, `length_ft`, `speed_mph`, `time_min`). Edges are directed;
    `geometry` is a line along the edge, ends included.
    """
    node_file, edge_file = pair_of(path, "nodes", "edges")
    nodes = read_table(node_file, ("node", "lon", "lat"), MEND)
    edges = read_table(edge_file, ("u", "v"), MEND)
    edges.columns = [name.lower() for name in edges.columns]
    node_id = nodes["node"].tolist()
    row = row_index(node_id, str(node_file))
    speed = _measured(edges, "speed", KPH, edge_file)
    tags = edges["maxspeed"].tolist() if "maxspeed" in edges else []
    if tags:
        speed = np.where(np.isfinite(speed), speed, [speed_kph(tag) for tag in tags])
    return RawRoads(
        source=str(edge_file),
        unit="degrees",
        node_id=node_id,
        x=numbers(nodes, "lon"),
        y=numbers(nodes, "lat"),
        tail=rows_of(edges["u"], row, str(edge_file)),
        head=rows_of(edges["v"], row, str(edge_file)),
        length_m=_measured(edges, "length", METRES, edge_file),
        speed_kph=speed,
        time_s=_measured(edges, "time", SECONDS, edge_file),
        lanes=numbers(edges, "lanes"),
        road_class=words(edges, "highway"),
        shapes=shapes_of(edges["geometry"], str(edge_file)) if "geometry" in edges else {},
        notes=unread_speeds(tags),
    )


def _measured(table: pd.DataFrame, what: str, units: Mapping[str, float], source: Path) -> Floats:
    """Return `what` in the base unit from the columns `what` and `what_UNIT`; the first with a value counts.

    A column of words, as `speed_src`, is about something else.

    Raises
    ------
    UsageError
        When a column names a unit that is not known.
    """
    found = np.full(len(table), np.nan)
    for name in table.columns:
        stem, _, unit = name.partition("_")
        if stem == what and (unit == "" or pd.to_numeric(table[name], errors="coerce").notna().any()):
            size = factor(unit, units, f"{source}: column {name}") if unit else 1.0
            values = numbers(table, name)
            found = np.where(np.isfinite(found), found, values if size == 1.0 else values * size)
    return found


def pair_of(path: Path, nodes: str, edges: str) -> tuple[Path, Path]:
    """Find both tables from one of them or from their folder.

    Raises
    ------
    UsageError
        When one of them is missing.
    """
    folder = path if path.is_dir() else path.parent
    found = []
    for stem in (nodes, edges):
        table = table_in(folder, stem)
        if table is None:
            raise UsageError(f"{folder} has no {stem}.csv or {stem}.csv.gz, which goes with {path}. Put them together.")
        found.append(table)
    return found[0], found[1]


def table_in(folder: Path, stem: str) -> Path | None:
    """Find a table by its name in a folder, plain before gzipped."""
    names = (f"{stem}.csv", f"{stem}.csv.gz")
    return next((file for name in names if (file := folder / name).is_file()), None)
