"""Road graphs as two tables: plain nodes.csv and edges.csv, and GMNS node.csv and link.csv (each may be gzipped)."""

import io
from pathlib import Path

import numpy as np
import pandas as pd

from galleria.models.city.raw import Floats, RawRoads, row_index, rows_of
from galleria.models.city.readers.crs import unit_of
from galleria.models.city.readers.text import KPH_PER_MPH, read_bytes
from galleria.models.city.readers.wkt import points_of
from galleria.models.city.settings import ReadSettings
from galleria.models.errors import UsageError


def read_csv_pair(path: Path, settings: ReadSettings) -> RawRoads:  # noqa: ARG001 (readers share one shape)
    """Read nodes.csv (node, lon, lat) and edges.csv (u, v, length_m, highway, speed_kph, time_s, lanes, geometry).

    All columns but the names of nodes and their coordinates may be missing or empty. Edges are directed; `geometry` is
    a WKT line along the edge, ends included.
    """
    node_file, edge_file = pair_of(path, "nodes", "edges")
    nodes = _table(node_file, ("node", "lon", "lat"))
    edges = _table(edge_file, ("u", "v"))
    node_id = nodes["node"].tolist()
    row = row_index(node_id, str(node_file))
    return RawRoads(
        source=str(edge_file),
        unit="degrees",
        node_id=node_id,
        x=_numbers(nodes, "lon"),
        y=_numbers(nodes, "lat"),
        tail=rows_of(edges["u"], row, str(edge_file)),
        head=rows_of(edges["v"], row, str(edge_file)),
        length_m=_numbers(edges, "length_m"),
        speed_kph=_numbers(edges, "speed_kph"),
        time_s=_numbers(edges, "time_s"),
        lanes=_numbers(edges, "lanes"),
        road_class=_words(edges, "highway"),
        shapes=_shapes(edges),
    )


def read_gmns(path: Path, settings: ReadSettings) -> RawRoads:
    """Read GMNS node and link tables as osm2gmns and its kin write them.

    `length` is in metres and `free_speed` in the unit of `city.read.gmns_speed_unit`; speeds of the classes in
    `city.read.gmns_untrusted`, and those whose `free_speed_raw` is empty, are a tool's defaults and are replaced by the
    table of road classes. Links of classes that no car uses are left out. Links without a direction flag run one way.
    """
    node_file, link_file = pair_of(path, "node", "link")
    nodes = _table(node_file, ("node_id", "x_coord", "y_coord"))
    links = _table(link_file, ("from_node_id", "to_node_id"))
    named = next((c for c in ("link_type_name", "facility_type") if c in links), None)
    links["highway"] = links[named] if named is not None else ""
    said: list[str] = []
    shut = links["highway"].isin(settings.gmns_closed)
    if "allowed_uses" in links:
        shut |= ~links["allowed_uses"].str.contains("auto|all|drive", regex=True) & (links["allowed_uses"] != "")
    if shut.any():
        said.append(f"{shut.sum():,} links that no car uses were left out.")
        links = links[~shut].reset_index(drop=True)
    links = _both_ways(links)
    doubtful = links["highway"].isin(settings.gmns_untrusted)
    if "free_speed_raw" in links:
        doubtful |= links["free_speed_raw"] == ""
    if doubtful.any():
        said.append(f"{doubtful.sum():,} links state a tool's default speed, which was not trusted.")
    per_unit = KPH_PER_MPH if settings.gmns_speed_unit == "mph" else 1.0
    node_id = nodes["node_id"].tolist()
    row = row_index(node_id, str(node_file))
    unit, x, y, noticed = unit_of(None, _numbers(nodes, "x_coord"), _numbers(nodes, "y_coord"), str(node_file))
    return RawRoads(
        source=str(link_file),
        unit=unit,
        node_id=node_id,
        x=x,
        y=y,
        tail=rows_of(links["from_node_id"], row, str(link_file)),
        head=rows_of(links["to_node_id"], row, str(link_file)),
        length_m=_numbers(links, "length"),
        speed_kph=np.round(np.where(doubtful, np.nan, _numbers(links, "free_speed") * per_unit), 1),
        time_s=np.full(len(links), np.nan),
        lanes=_numbers(links, "lanes"),
        road_class=_words(links, "highway"),
        shapes=_shapes(links),
        notes=(*noticed, *said),
    )


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
        there = [folder / f"{stem}.csv{packed}" for packed in ("", ".gz") if (folder / f"{stem}.csv{packed}").is_file()]
        if not there:
            raise UsageError(f"{folder} has no {stem}.csv or {stem}.csv.gz, which goes with {path}. Put them together.")
        found.append(there[0])
    return found[0], found[1]


def _table(path: Path, needed: tuple[str, ...]) -> pd.DataFrame:
    """Read a CSV with every value as text, empty where there is none."""
    content = read_bytes(path, "CSV")
    try:
        table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not a readable CSV file ({error}). Export it again.") from None
    absent = [name for name in needed if name not in table]
    if absent:
        raise UsageError(
            f"{path} lacks the columns {', '.join(absent)}; it has {', '.join(table.columns[:12])}. "
            "Rename the columns, or name the right format in city.format."
        )
    return table


def _numbers(table: pd.DataFrame, name: str) -> Floats:
    """Return a column as float64, nan where it is missing or no number."""
    if name not in table:
        return np.full(len(table), np.nan)
    return np.asarray(pd.to_numeric(table[name], errors="coerce"), dtype=np.float64)


def _words(table: pd.DataFrame, name: str) -> list[str]:
    """Return a column of road classes, `unclassified` where there is none."""
    return [word or "unclassified" for word in table[name]] if name in table else ["unclassified"] * len(table)


def _shapes(table: pd.DataFrame) -> dict[int, Floats]:
    """Return the lines of edges (by row) that have points between their ends."""
    if "geometry" not in table:
        return {}
    return {k: points_of(text) for k, text in enumerate(table["geometry"]) if text.count(",") > 1}


def _both_ways(links: pd.DataFrame) -> pd.DataFrame:
    """Turn backward links around, and add the way back of links open in both directions."""
    flag = links["dir_flag"] if "dir_flag" in links else pd.Series("1", index=links.index)
    undirected = (
        links["directed"].str.lower().isin(["0", "false"])
        if "directed" in links
        else pd.Series(data=False, index=links.index)
    )
    ends = ["from_node_id", "to_node_id"]
    turned = links.copy()
    turned[ends] = links[ends[::-1]].to_numpy()
    if "geometry" in turned:
        turned["geometry"] = ""
    back = flag.isin(["-1", "-1.0"])
    both = (flag.isin(["0", "0.0", "2", "2.0"]) | undirected) & ~back
    return pd.concat([links[~back], turned[back | both]], ignore_index=True)
