"""Where results come from: code, machine, command and question, as provenance.json tells it."""

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from galleria.experiments.design.draws import NODE as UNCERTAINTY
from galleria.experiments.design.keys import settings_digest
from galleria.experiments.design.plan import Plan
from galleria.experiments.design.plausible import implausible
from galleria.experiments.design.points import without_questions
from galleria.experiments.design.samples import samples
from galleria.experiments.sweep.calibrating import NODE, begun
from galleria.experiments.sweep.search_record import Record

PACKAGES = (
    "mesa",
    "networkx",
    "numpy",
    "scipy",
    "scikit-learn",
    "pandas",
    "pyarrow",
    "numba",
    "pydantic",
    "hydra-core",
    "omegaconf",
    "joblib",
    "matplotlib",
    "seaborn",
)
"""Packages that can change a result or a picture."""


def provenance_of(plan: Plan, command: Sequence[str]) -> dict[str, Any]:
    """Say all that is known before the first run.

    Parameters
    ----------
    plan
        The plan.
    command
        The command line, as typed.
    """
    return {
        "galleria": version("galleria"),
        "model_version": plan.model_version,
        "commit": _commit(),
        "python": platform.python_version(),
        "packages": _versions(),
        "platform": platform.platform(),
        "cores": os.cpu_count(),
        "config_hash": settings_digest(without_questions(plan.config)),
        "plan_key": plan.key,
        "command": " ".join(command),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": None,
        "experiment": plan.experiment.name,
        "question": plan.experiment.question,
        "headline": [headline.model_dump(mode="json") for headline in plan.experiment.headline],
        "hypotheses": [hypothesis.model_dump(mode="json") for hypothesis in plan.experiment.hypotheses],
        "given": list(plan.experiment.given),
        "published": [published.model_dump(mode="json") for published in plan.experiment.published],
        "figures": [figure.model_dump(mode="json") for figure in plan.experiment.figures],
        "design": _design(plan),
        **({"search": Record.of(plan).as_json()} if plan.design.kind == "optimise" else {}),
        **({NODE: begun()} if plan.design.kind == "calibrate" else {}),
        **({UNCERTAINTY: plan.trees[0][UNCERTAINTY]} if plan.trees[0].get(UNCERTAINTY) else {}),
        "factors": [
            {"key": key, "label": factor.label or _label(key), "unit": factor.unit, **_levels(plan, key)}
            for key, factor in plan.factors.items()
        ],
        "implausible": implausible(plan.trees),
        "baseline_point": plan.baseline,
        "points": len(plan.points),
        "replications": plan.replications,
        "runs": len(plan.runs),
        "days": plan.trees[0]["run"].get("days"),
        "seed": plan.trees[0]["run"]["seed"],
    }


def _design(plan: Plan) -> dict[str, Any]:
    """Describe the design; for one with an analysis of its own, with the point of each row of its sample."""
    design = plan.design.model_dump(mode="json", exclude={"factors", "crossed"}, exclude_none=True)
    if plan.design.crossed:
        design["crossed"] = list(plan.design.crossed)
    if plan.design.kind in {"morris", "sobol_indices", "decompose"}:
        varied = [key for key in plan.factors if key not in plan.design.crossed]
        design["varied"] = varied
        design["rows"] = list(plan.rows)
    if plan.design.kind in {"morris", "sobol_indices"}:
        design["sample"] = samples()[plan.design.kind](plan.design, len(varied)).round(12).tolist()
    return design


def _levels(plan: Plan, key: str) -> dict[str, Any]:
    factor = plan.factors[key]
    levels: dict[str, Any] = {"values": list(dict.fromkeys(point[key] for point in plan.points))}
    if factor.switches:
        levels["switches"] = {name: list(ends) for name, ends in factor.switches.items()}
    if factor.low is not None:
        levels |= {"low": factor.low, "high": factor.high, "scale": factor.scale}
    return levels


def _label(key: str) -> str:
    return key.replace("_", " ").replace(".", ": ") if "." in key else key


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _commit() -> str | None:
    """Return the commit of the source, with a mark when files differ from it; None outside a repository."""
    root = Path(__file__).resolve().parents[2]
    try:
        named = subprocess.run(  # noqa: S603
            ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return named.stdout.strip() or None


def command_line() -> list[str]:
    """Return the command as typed, with the program's name instead of its path."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    program = ["python", "-m", spec.name] if spec is not None else [Path(sys.argv[0]).name]
    return [*program, *sys.argv[1:]]
