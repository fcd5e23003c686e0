"""Whose results stand in a folder: those of this plan, of another, or of nobody."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from galleria.experiments.design.plan import Plan
from galleria.experiments.results import runfile
from galleria.experiments.results.folder import Folder
from galleria.models.errors import UsageError


def check_belongs(folder: Folder, plan: Plan) -> None:
    """Raise UsageError unless the folder is free or holds results of this very plan."""
    if not folder.path.exists():
        return
    if not folder.path.is_dir():
        raise UsageError(f"run.output = {folder.path} is a file, not a folder")
    if not folder.provenance.exists():
        others = sorted(path.name for path in folder.path.iterdir() if path.name != folder.work.name)
        if others:
            raise UsageError(
                f"run.output = {folder.path} is not empty and holds no results ({', '.join(others[:3])}): "
                "choose another folder"
            )
        return
    there = folder.read_provenance()
    if there.get("plan_key") != plan.key:
        raise UsageError(
            f"run.output = {folder.path} belongs to another plan ({_difference(there, plan)}): "
            "choose another folder, or none for one of its own"
        )


def is_complete(folder: Folder, plan: Plan) -> bool:
    """Say whether every run of the plan is done and collected."""
    path = folder.path / "runs.parquet"
    if not path.exists():
        return False
    runs = pd.read_parquet(path, columns=["run_key", "status"])
    done = set(runs.loc[runs["status"] == "done", "run_key"])
    return done == {run.key for run in plan.runs}


def forget_failed(folder: Folder) -> None:
    """Remove failed runs, so that they are done again."""
    for key, status in list(runfile.finished_runs(folder.runs)):
        if status == "failed":
            (folder.runs / runfile.file_name(key, status)).unlink()
            (folder.tracebacks / f"{key}.txt").unlink(missing_ok=True)


def _difference(there: Mapping[str, Any], plan: Plan) -> str:
    """Say how a folder's plan differs from this one."""
    version = there.get("model_version")
    if version != plan.model_version:
        return f"its results were made by version {version} of the model, this is {plan.model_version}"
    if there.get("experiment") != plan.experiment.name:
        return f"it is of experiment {there.get('experiment')}, this is {plan.experiment.name}"
    for name, here in (("seed", plan.trees[0]["run"]["seed"]), ("replications", plan.replications)):
        if there.get(name) != here:
            return f"its {name} is {there.get(name)}, this is {here}"
    theirs = {factor["key"]: factor["values"] for factor in there.get("factors", [])}
    ours = {key: list(dict.fromkeys(point[key] for point in plan.points)) for key in plan.factors}
    for key in {**theirs, **ours}:
        if theirs.get(key) != ours.get(key):
            return f"{key} has other values"
    return "other settings were changed"
