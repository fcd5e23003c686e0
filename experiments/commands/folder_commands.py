"""What can be asked of a results folder: how far it is, its report, and anything in SQL."""

import sys
import time
from collections.abc import Sequence

import duckdb
import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from experiments.design.model import Model
from experiments.errors import UsageError
from experiments.results import load, runfile
from experiments.results.collect import altered_tables, collect
from experiments.results.folder import Folder, write_bytes
from experiments.sweep.conclusion import conclude
from experiments.sweep.progress import Tally
from models.settings.errors import unknown_key


def report(folder: Folder, model: Model) -> int:
    """Build the report; if the sweep stopped on its way, from the runs that are done."""
    folder.read_provenance()
    if folder.runs.is_dir():
        with folder.locked():
            collected = collect(folder, seconds=0.0)
        if collected.done == 0:
            raise UsageError(f"{folder.path} has no finished run yet, of {collected.planned}")
        if collected.missing:
            print(  # noqa: T201
                f"galleria: {collected.missing} of {collected.planned} runs are missing; the report is of the others",
                file=sys.stderr,
            )
    _tell_altered(folder)
    return conclude(folder, model, quiet=False)


def status(folder: Folder) -> int:
    """Print how far the sweep is."""
    provenance = folder.read_provenance()
    planned = int(provenance["runs"])
    if folder.runs.is_dir():
        tally = Tally.of(folder)
        ended = [path.stat().st_mtime for path in folder.runs.iterdir() if path.suffix in {".done", ".failed"}]
        state = "running" if folder.is_locked() else "stopped"
        left = planned - tally.done - tally.failed
        rate = _rate(ended)
        told = f", {rate:.2f} runs/s, {left / rate / 60:.0f} min left" if state == "running" and rate else ""
        if not left:
            state = "finished"
    else:
        runs = pd.read_parquet(folder.path / "runs.parquet", columns=["status"])
        tally = Tally(int((runs["status"] == "done").sum()), int((runs["status"] == "failed").sum()))
        state, told, left = "finished", "", planned - len(runs)
    print(  # noqa: T201
        f"{provenance['experiment']}: {state}; {tally.done} of {planned} runs done, {tally.failed} failed,"
        f" {left} to do{told}"
    )
    return 0


def query(folder: Folder, sql: str, *, csv: bool) -> int:
    """Run SQL over the tables of a folder and print the result."""
    folder.read_provenance()
    _tell_altered(folder)
    with duckdb.connect() as database:
        tables = {path.stem: path for path in sorted(folder.path.glob("*.parquet"))}
        tables |= {path.name: path / "*.parquet" for path in sorted((folder.path / "tables").glob("*"))}
        for name, path in tables.items():
            database.read_parquet(str(path), union_by_name=True).create_view(name)
        try:
            frame = database.execute(sql).df()
        except duckdb.Error as error:
            raise UsageError(f"SQL: {str(error).strip()}") from error
    _print(frame, csv=csv)
    return 0


def merge(sources: Sequence[Folder], into: Folder, model: Model) -> int:
    """Put the runs of several folders of one plan together, and report if the plan is whole."""
    provenances = [source.read_provenance() for source in sources]
    keys = {provenance["plan_key"] for provenance in provenances}
    if len(keys) > 1:
        told = ", ".join(f"{s.path} ({p['plan_key'][:12]})" for s, p in zip(sources, provenances, strict=True))
        raise UsageError(f"only folders of one plan can be merged; these are of several: {told}")
    if into.path.exists() and any(into.path.iterdir()):
        raise UsageError(f"{into.path} is not empty: choose another folder")
    for source in sources:
        if not source.runs.is_dir():
            raise UsageError(f"{source.path} has no single runs left: it is whole already, or was never run")
    into.check_writable()
    with into.locked():
        into.open_session()
        for source in sources:
            _take_over(source, into)
        collected = collect(into, seconds=sum(float(p.get("seconds") or 0.0) for p in provenances))
    if collected.missing:
        print(  # noqa: T201
            f"galleria: {collected.missing} of {collected.planned} runs are in none of the folders; "
            f"the same sweep with run.output={into.path} does them",
            file=sys.stderr,
        )
        return 1
    return conclude(into, model, quiet=False)


def _take_over(source: Folder, into: Folder) -> None:
    """Copy a folder's runs, a finished one before a failed one, and its plan."""
    there = dict(runfile.finished_runs(into.runs))
    for key, status in runfile.finished_runs(source.runs):
        if there.get(key) == "done" or there.get(key) == status:
            continue
        name = runfile.file_name(key, status)
        write_bytes(into.runs / name, (source.runs / name).read_bytes())
        if status == "done" and there.get(key) == "failed":
            (into.runs / runfile.file_name(key, "failed")).unlink()
    for name in ("plan.parquet", "config.yaml", "provenance.json"):
        write_bytes(into.path / name, (source.path / name).read_bytes())


def compare(first: Folder, second: Folder, metrics: Sequence[str], *, csv: bool) -> int:
    """Print what changed from one results folder to another: paired where seeds and replications match."""
    from experiments.statistics import comparing  # noqa: PLC0415

    for folder in (first, second):
        _tell_altered(folder)
    a, b = (load(folder.path) for folder in (first, second))
    try:
        frame = comparing.compare(comparing.Runs(a.plan, a.runs, a.metrics), comparing.Runs(b.plan, b.runs, b.metrics))
    except ValueError as error:
        raise UsageError(f"{first.path} and {second.path} cannot be compared: {error}") from error
    unknown = [name for name in metrics if name not in set(frame["metric"])]
    if unknown:
        raise UsageError([unknown_key(name, sorted(set(frame["metric"]))) for name in unknown])
    asked = frame[frame["metric"].isin(metrics)] if metrics else frame
    _print(asked if csv else _with_intervals_in_one_cell(asked), csv=csv)
    return 0


def _with_intervals_in_one_cell(frame: pd.DataFrame) -> pd.DataFrame:
    """Write both ends of an interval in one column, which takes less of a terminal's width than two."""
    short = frame.copy()
    for name, said in (("diff_ci", "95 % t"), ("boot_ci", "95 % bootstrap")):
        low, high = short.pop(f"{name}_low"), short.pop(f"{name}_high")
        text = [f"{a:.4g} to {b:.4g}" if np.isfinite(a) else "\u2013" for a, b in zip(low, high, strict=True)]
        short.insert(len(short.columns) - 1, said, text)
    return short


def power(folder: Folder, metric: str, difference: float, chance: float, *, csv: bool) -> int:
    """Print how many replications would show a difference of a given size at each point."""
    from experiments.statistics import Cube  # noqa: PLC0415
    from experiments.statistics.power import replications_needed  # noqa: PLC0415

    results = load(folder.path)
    baseline = results.provenance["baseline_point"]
    if baseline is None:
        raise UsageError(f"{folder.path} has no baseline point to differ from")
    cube = Cube.of_frames(results.metrics, results.plan)
    if metric not in cube:
        raise UsageError(unknown_key(metric, list(cube.metrics)))
    rows = []
    for point in cube.points[cube.points != baseline]:
        paired = cube.at(point, metric) - cube.at(baseline, metric)
        seen = paired[np.isfinite(paired)]
        if seen.size < 2:
            raise UsageError(f"{folder.path}: at least two replications are needed to know the spread")
        sd = float(seen.std(ddof=1))
        needed = replications_needed(sd, difference, chance) if sd > 0 else 2
        rows.append({"point": int(point), "pairs": seen.size, "sd_of_difference": sd, "replications_needed": needed})
    frame = results.plan.drop_duplicates("point").drop(columns=["run_key", "replication"])
    _print(frame.merge(pd.DataFrame(rows), on="point"), csv=csv)
    return 0


def _tell_altered(folder: Folder) -> None:
    for name in altered_tables(folder):
        print(f"galleria: {folder.path / name} is not as it was written", file=sys.stderr)  # noqa: T201


def _print(frame: pd.DataFrame, *, csv: bool) -> None:
    """Print a frame as a table for eyes or for machines."""
    if csv:
        print(frame.to_csv(index=False), end="")  # noqa: T201
        return
    table = Table(*[str(name) for name in frame.columns])
    for row in frame.itertuples(index=False):
        table.add_row(*[_cell(value) for value in row])
    Console().print(table)


def _cell(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _rate(ended: list[float]) -> float:
    """Give runs a second over the last two minutes of work."""
    recent = [when for when in ended if when > time.time() - 120]
    return len(recent) / max(time.time() - min(recent), 1.0) if recent else 0.0
