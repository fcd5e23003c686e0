"""From the files of single runs to the tables of the results folder.

Rows come in the order of the plan, whoever made them and when, and files are cut at fixed numbers of runs: the
tables of one plan are the same bytes on one worker and on many, interrupted or not.
"""

import hashlib
import io
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from galleria.experiments.results import runfile
from galleria.experiments.results.folder import Folder, write_bytes, write_json
from galleria.experiments.statistics import summarise

RUNS_A_FILE = 64
"""Runs in one file of tables/<name>/."""


@dataclass(frozen=True)
class Collected:
    """What was found when the runs were gathered."""

    planned: int
    done: int
    failed: int
    altered: tuple[str, ...]

    @property
    def missing(self) -> int:
        """Runs that have not come to an end."""
        return self.planned - self.done - self.failed


def altered_runs(folder: Folder) -> list[str]:
    """Find the files of runs that are not what was written, and put them aside."""
    found = []
    for key, status in runfile.finished_runs(folder.runs):
        path = folder.runs / runfile.file_name(key, status)
        try:
            runfile.read(path)
        except runfile.AlteredFileError:
            path.replace(path.with_suffix(".altered"))
            found.append(key)
    return sorted(found)


def altered_tables(folder: Folder) -> list[str]:
    """Name the collected tables that are not what was written."""
    return [
        name
        for name, digest in folder.read_provenance().get("files", {}).items()
        if not (path := folder.path / name).is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest
    ]


def collect(folder: Folder, seconds: float) -> Collected:
    """Write the tables of a results folder from its finished runs.

    Parameters
    ----------
    folder
        Where plan.parquet, provenance.json and `.work/runs` stand.
    seconds
        Wall time that the sweep has worked on, added to what earlier sittings took.
    """
    plan = pd.read_parquet(folder.plan)
    provenance = folder.read_provenance()
    altered = altered_runs(folder)
    status = dict(runfile.finished_runs(folder.runs))
    ended = plan[plan["run_key"].isin(list(status))]
    rows: list[dict[str, Any]] = []
    metrics: list[pa.Table] = []
    written: dict[str, list[str]] = {}
    staged = folder.work / "tables"
    shutil.rmtree(staged, ignore_errors=True)
    for number, keys in enumerate(_chunks(plan["run_key"].tolist(), RUNS_A_FILE)):
        tables: dict[str, list[pa.Table]] = {}
        for key in keys:
            if key not in status:
                continue
            run = runfile.read(folder.runs / runfile.file_name(key, status[key]))
            rows.append(_row(run))
            if run.metrics is not None:
                metrics.append(_labelled(run, run.metrics, ("point", "replication")))
            for name, table in run.tables.items():
                tables.setdefault(name, []).append(_labelled(run, table, ()))
        for name, parts in tables.items():
            path = staged / name / f"{number:05d}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(pa.concat_tables(parts, promote_options="permissive"), path, compression="zstd")
            written.setdefault(name, []).append(path.name)

    long = pa.concat_tables(metrics).to_pandas() if metrics else _no_metrics()
    files = {
        "runs.parquet": _parquet(pd.DataFrame(rows, columns=list(_RUN_COLUMNS))),
        "metrics.parquet": _parquet(long),
    }
    summary = summarise(long, ended, provenance["baseline_point"]) if len(long) else pd.DataFrame()
    if len(summary):
        files |= {"summary.parquet": _parquet(summary), "summary.csv": summary.to_csv(index=False).encode()}
    for name, content in files.items():
        write_bytes(folder.path / name, content)
    if written:
        shutil.rmtree(folder.path / "tables", ignore_errors=True)
        staged.replace(folder.path / "tables")
    provenance["seconds"] = round((provenance.get("seconds") or 0.0) + seconds, 1)
    provenance["files"] = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}
    write_json(folder.provenance, provenance)
    failed = sum(1 for row in rows if row["status"] == "failed")
    return Collected(len(plan), len(rows) - failed, failed, tuple(altered))


_RUN_COLUMNS = ("run_key", "point", "replication", "seed", "status", "seconds", "error")


def _row(run: runfile.Finished) -> dict[str, Any]:
    return {
        "run_key": run.key,
        "point": run.point,
        "replication": run.replication,
        "seed": run.seed,
        "status": run.status,
        "seconds": run.seconds,
        "error": run.error,
    }


def _labelled(run: runfile.Finished, table: pa.Table, columns: Sequence[str]) -> pa.Table:
    """Put the run's key, and further columns of the run, before a table's own."""
    for i, name in enumerate(columns):
        table = table.add_column(i, name, pa.array([getattr(run, name)] * len(table), pa.int64()))
    return table.add_column(0, "run_key", pa.array([run.key] * len(table), pa.string()))


def _no_metrics() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "run_key": pd.Series(dtype="str"),
            "point": pd.Series(dtype="int64"),
            "replication": pd.Series(dtype="int64"),
            "metric": pd.Series(dtype="str"),
            "unit": pd.Series(dtype="str"),
            "value": pd.Series(dtype="float64"),
        }
    )


def _parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(runfile.arrow(frame), buffer, compression="zstd")
    return buffer.getvalue()


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as Parquet, whole or not at all."""
    write_bytes(path, _parquet(frame))


def _chunks(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
