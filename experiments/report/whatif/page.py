"""The page of sliders: one HTML file with its surfaces as JSON, that needs no server and no other file."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from galleria.experiments.report.study import Factor, Study
from galleria.experiments.report.whatif.emulator import Emulated, Group, emulate, logarithmic, numeric
from galleria.experiments.report.words import metric_title, unit_of
from galleria.experiments.statistics.intervals import Floats
from galleria.experiments.statistics.surface import GaussianProcess, Quadratic

_TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
_MOST_HULL = 4
"""Factors up to which the hull of the points is told by its faces; beyond, it has too many."""
_BEYOND = 0.1
"""Part of a factor's range that its slider goes beyond either end."""


def what_if(study: Study, folder: Path, title: str) -> Path | None:
    """Write what_if.html into a folder.

    Parameters
    ----------
    study
        A finished sweep.
    folder
        Where the page goes.
    title
        Of the report, which the page names.

    Returns
    -------
    path
        Of the page; None where no number was varied, or too few points were run for a surface over them.
    """
    groups = emulate(study)
    if not groups:
        return None
    packed = pack(study, groups)
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
    page = environment.get_template("what_if.html").render(
        title=title,
        question=study.results.provenance.get("question"),
        style=(_TEMPLATES / "report.css").read_text(encoding="utf-8"),
        script="".join((_TEMPLATES / name).read_text(encoding="utf-8") for name in ("emulator.js", "what_if.js")),
        # A name that holds a tag is data and must not end the script.
        packed=json.dumps(packed, allow_nan=False).replace("<", "\\u003c"),
        baseline=study.held(study.centre, but=[]) if study.baseline is not None else None,
        points=len(study.settings),
        replications=len(study.cube.replications),
    )
    path = folder / "what_if.html"
    path.write_text(page, encoding="utf-8")
    return path


def pack(study: Study, groups: list[Group]) -> dict[str, Any]:
    """Return what the page's script computes with, as JSON can hold it."""
    base = study.centre
    metrics = list(dict.fromkeys(metric for group in groups for metric in group.measures))
    return {
        "sliders": [_slider(study, factor, study.settings.loc[base, factor.key]) for factor in numeric(study)],
        "choices": [
            {
                "key": factor.key,
                "label": factor.label,
                "levels": [[str(value), factor.words(value)] for value in factor.levels],
                "at": str(study.settings.loc[base, factor.key]),
            }
            for factor in study.factors
            if not factor.numeric
        ],
        "measures": [_measure(study, metric) for metric in metrics],
        "changes": study.baseline is not None,
        "groups": [_group(group) for group in groups],
    }


def _slider(study: Study, factor: Factor, at: Any) -> dict[str, Any]:
    low, high = float(factor.levels[0]), float(factor.levels[-1])
    beyond = 0.0 if logarithmic(study, factor) else _BEYOND * (high - low)
    percent = factor.percent
    least = max(low - beyond, 0.0) if low >= 0 else low - beyond
    most = min(high + beyond, 1.0) if percent and high <= 1 else high + beyond
    whole = all(float(value).is_integer() for value in factor.levels)
    return {
        "key": factor.key,
        "label": factor.label,
        "unit": "" if percent or factor.unit is None else factor.unit,
        "percent": percent,
        "log": logarithmic(study, factor),
        "low": low,
        "high": high,
        "least": float(np.ceil(least)) if whole else least,
        "most": float(np.floor(most)) if whole else most,
        "step": 1.0 if whole and high - low >= 10 else (high - low) / 200,
        "at": float(at),
    }


def _measure(study: Study, metric: str) -> dict[str, Any]:
    unit = unit_of(study.cube.unit(metric), metric)
    title = metric_title(metric, study.cube.unit(metric))
    level = float(np.nanmean(study.cube.at(study.baseline, metric))) if study.baseline is not None else 0.0
    return {
        "name": metric,
        "title": title,
        "short": title.split(" (", maxsplit=1)[0],
        "before": unit.before,
        "after": unit.after,
        "difference": unit.after_difference,
        "scale": unit.scale,
        "base": level if np.isfinite(level) else None,
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "choices": {key: str(value) for key, value in group.choices.items()},
        "points": group.shares.tolist(),
        "reach": _reach(group.shares),
        "faces": _faces(group.shares),
        "measures": {name: _packed(made) for name, made in group.measures.items()},
    }


def _reach(shares: Floats) -> float:
    """Return how far a point's nearest neighbour is, at most, in the unit cube."""
    apart = np.sqrt(((shares[:, None, :] - shares[None, :, :]) ** 2).sum(axis=2))
    np.fill_diagonal(apart, np.inf)
    return float(apart.min(axis=1).max())


def _faces(shares: Floats) -> list[list[float]]:
    """Return the faces of the points' hull as (normal, offset), below zero inside; none where it has no inside."""
    from scipy.spatial import ConvexHull, QhullError  # noqa: PLC0415 (slow to import)

    if not 2 <= shares.shape[1] <= _MOST_HULL:
        return []
    try:
        return np.unique(ConvexHull(shares).equations.round(9), axis=0).tolist()  # type: ignore[no-any-return]
    except QhullError:
        return []


def _packed(made: Emulated) -> dict[str, Any]:
    fitted = made.surface
    packed: dict[str, Any] = {
        "half_change": made.half_change,
        "half_level": made.half_level,
        "error": fitted.error,
        "explained": fitted.explained if np.isfinite(fitted.explained) else None,
    }
    if isinstance(fitted.surface, Quadratic):
        return {**packed, "kind": "quadratic", "coefficients": fitted.surface.coefficients.tolist()}
    if not isinstance(fitted.surface, GaussianProcess):
        raise TypeError(f"a surface of the kind {fitted.kind} cannot be packed")
    process = fitted.surface
    return {
        **packed,
        "kind": "process",
        "points": process.shares.tolist(),
        "per_length": np.exp(-2 * process.logs[:-2]).tolist(),
        "signal": float(np.exp(2 * process.logs[-2])),
        "centre": process.centre,
        "spread": process.spread,
        "weights": process.weights.tolist(),
    }
