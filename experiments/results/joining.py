"""Two results folders as one, with the folder as a further factor, so that a report can set them side by side."""

from pathlib import Path
from typing import Any

import pandas as pd
from omegaconf import OmegaConf

from galleria.experiments.results.collect import write_parquet
from galleria.experiments.results.folder import write_json, write_text
from galleria.experiments.results.loading import Results
from galleria.experiments.statistics import summarise
from galleria.models.errors import UsageError

KEY = "results"
"""The factor that says from which folder a point is."""
_INDEX = ["run_key", "point", "replication"]


def join(first: Results, second: Results, target: Path) -> Path:
    """Write a results folder with the points that both have.

    Parameters
    ----------
    first, second
        Results of the same factors and seeds; the first holds the baseline.
    target
        A new folder.

    Returns
    -------
    target

    Raises
    ------
    UsageError
        The target is there already; the folders have other factors, no common point, or other seeds, so that nothing
        pairs their replications.
    """
    if target.exists():
        raise UsageError(f"{target} is there already")
    names = _names(first.folder, second.folder)
    factors = [column for column in first.plan.columns if column not in _INDEX]
    if set(factors) != {column for column in second.plan.columns if column not in _INDEX}:
        raise UsageError(f"{first.folder} and {second.folder} vary other factors: their points are not the same")
    seeds = [each.runs.set_index("replication")["seed"].groupby(level=0).first() for each in (first, second)]
    common = seeds[0].index.intersection(seeds[1].index)
    if common.empty or (seeds[0][common] != seeds[1][common]).any():
        raise UsageError(f"{first.folder} and {second.folder} have other seeds: no replication pairs with another")
    points = [_points(each.plan, factors) for each in (first, second)]
    both = [levels for levels in points[0] if levels in points[1]]
    if not both:
        raise UsageError(f"{first.folder} and {second.folder} have no point in common")
    plans, frames = [], {"runs": [], "metrics": []}  # type: ignore[var-annotated]
    for half, (name, results, at) in enumerate(zip(names, (first, second), points, strict=True)):
        number = {at[levels]: half * len(both) + i for i, levels in enumerate(both)}
        plans.append(_renumbered(results.plan, number, name).assign(**{KEY: name}))
        for kind, parts in frames.items():
            parts.append(_renumbered(getattr(results, kind), number, name))
    target.mkdir(parents=True)
    plan, runs, metrics = (pd.concat(parts, ignore_index=True) for parts in (plans, *frames.values()))
    named = first.provenance.get("baseline_point")
    home = both.index(levels) if (levels := _levels_of(points[0], named)) in both else 0
    summary = summarise(metrics, plan, home)
    for kind, frame in (("plan", plan), ("runs", runs), ("metrics", metrics), ("summary", summary)):
        write_parquet(frame, target / f"{kind}.parquet")
    summary.to_csv(target / "summary.csv", index=False)
    write_text(target / "config.yaml", OmegaConf.to_yaml(first.config))
    told = _provenance(first, names, dict(zip(factors, both[home], strict=True)), home)
    write_json(target / "provenance.json", told)
    return target


def _names(first: Path, second: Path) -> tuple[str, str]:
    """Name both folders by their last parts, or where these are the same by A and B too."""
    a, b = first.resolve().name, second.resolve().name
    return (a, b) if a != b else (f"A {a}", f"B {b}")


def _points(plan: pd.DataFrame, factors: list[str]) -> dict[tuple[Any, ...], int]:
    first = plan.drop_duplicates("point")
    return {tuple(row[key] for key in factors): int(row["point"]) for row in first.to_dict("records")}


def _levels_of(points: dict[tuple[Any, ...], int], point: int | None) -> tuple[Any, ...] | None:
    return next((levels for levels, number in points.items() if number == point), None)


def _renumbered(frame: pd.DataFrame, number: dict[int, int], name: str) -> pd.DataFrame:
    kept = frame[frame["point"].isin(number)]
    keys = name + "/" + kept["run_key"].astype(str)
    return kept.assign(run_key=keys, point=kept["point"].map(number))


def _provenance(first: Results, names: tuple[str, str], at: dict[str, Any], home: int) -> dict[str, Any]:
    """Take what the first folder says of itself, and lead with the change from one folder to the other."""
    record = dict(first.provenance)
    for gone in ("hypotheses", "published", "figures", "search", "uncertainty", "stopping", "sha256"):
        record.pop(gone, None)
    plain = {key: value.item() if hasattr(value, "item") else value for key, value in at.items()}
    metrics = [m for entry in record.get("headline") or [] for m in entry.get("metrics") or ()]
    change = {"factor": KEY, "low": names[0], "high": names[1], "at": plain, "metrics": list(dict.fromkeys(metrics))}
    return record | {
        "experiment": f"{names[0]}_and_{names[1]}",
        "question": f"What changed from {names[0]} to {names[1]}?",
        "command": None,
        "design": {"kind": "factorial"},
        "factors": [{"key": KEY, "label": "Results", "unit": None}, *(record.get("factors") or [])],
        "headline": [change],
        "baseline_point": home,
    }
