"""What a report says of the experiment itself: its name, its size, where it came from."""

import html
from typing import Any

import numpy as np

from galleria.experiments.report.study import Study

_MOST_ERRORS = 20
_UNNAMED = "free"


def facts(study: Study) -> dict[str, Any]:
    """Collect what the page says of the experiment itself."""
    results, provenance = study.results, study.results.provenance
    runs = results.runs
    failed = runs[runs["status"] == "failed"]
    name = str(provenance.get("experiment") or "experiment")
    # A search checks its winner on replications of its own.
    replications = (provenance.get("search") or {}).get("replications") or len(study.cube.replications)
    return {
        "title": _title(name, study),
        "question": provenance.get("question"),
        "town": _town(study),
        "factors": study.factors,
        "baseline": study.held(study.centre, but=[]) if study.baseline is not None and study.factors else None,
        "points": len(study.settings),
        "stopping": (provenance.get("stopping") or {}).get("reason"),
        "replications": replications,
        "days": (results.config.get("run") or {}).get("days"),
        "warmup_days": (results.config.get("run") or {}).get("warmup_days"),
        "done": int((runs["status"] == "done").sum()),
        "planned": len(results.plan),
        "failed": len(failed),
        "errors": [
            {
                "point": int(row["point"]),
                "replication": int(row["replication"]),
                "where": study.held(int(row["point"]), but=[]),
                "error": str(row["error"]),
            }
            for row in failed.head(_MOST_ERRORS).to_dict("records")
        ],
        "more_errors": max(len(failed) - _MOST_ERRORS, 0),
        "provenance": _provenance(provenance, runs["seconds"].to_numpy(float), sorted({*runs["seed"].tolist()})),
        "packages": provenance.get("packages") or {},
        "command": provenance.get("command"),
    }


def _town(study: Study) -> str:
    """Say how large the town is, where one is simulated."""
    homes = (study.results.config.get("city") or {}).get("households")
    varied = any(factor.key.split(".", maxsplit=1)[0] == "city" for factor in study.factors)
    known = isinstance(homes, int | float) and not varied
    return f"the simulated town of {homes:,.0f} households" if known else "the simulated town"


def _design(design: dict[str, Any]) -> str:
    """Write the settings of the design, without its sample."""
    plain = {key: value for key, value in design.items() if isinstance(value, bool | int | float | str)}
    return ", ".join(f"{key}: {value}" for key, value in plain.items())


def _title(name: str, study: Study) -> str:
    if name == _UNNAMED:
        labels = [factor.label for factor in study.factors]
        if not labels:
            return "One design point"
        return " \u00d7 ".join(labels) if len(labels) <= 3 else f"A sweep over {len(labels)} factors"
    words = name.replace("_x_", " \u00d7 ").replace("_", " ")
    return html.unescape(words[:1].upper() + words[1:])


def _provenance(provenance: dict[str, Any], seconds: Any, seeds: list[Any]) -> list[tuple[str, str]]:
    rows = [
        ("Galleria", provenance.get("galleria") or provenance.get("version")),
        ("Model version", provenance.get("model_version")),
        ("Commit", provenance.get("commit")),
        ("Python", provenance.get("python")),
        ("Machine", provenance.get("platform")),
        ("Configuration", provenance.get("config_hash")),
        ("Seeds", ", ".join(str(seed) for seed in seeds[:8]) + (" \u2026" if len(seeds) > 8 else "")),
        ("Design", _design(provenance.get("design") or {})),
        ("Unusual settings", "; ".join(provenance.get("implausible") or [])),
        ("Started", provenance.get("started")),
        ("Wall time", f"{provenance['seconds']:,.1f} s" if provenance.get("seconds") else None),
        ("Time in runs", f"{np.nansum(seconds):,.1f} s" if seconds.size else None),
    ]
    return [(label, str(value)) for label, value in rows if value]
