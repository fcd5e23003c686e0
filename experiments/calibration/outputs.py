"""What a calibration leaves in its folder, under `calibration/`."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from galleria.experiments.calibration.fit import Fit
from galleria.experiments.calibration.inference import Inference, draws, infer
from galleria.experiments.calibration.preset import preset
from galleria.experiments.calibration.tables import draw_table, identification_table, moment_table, parameter_table
from galleria.experiments.design.plan import Plan
from galleria.experiments.design.request import Request
from galleria.experiments.results.folder import write_json, write_text

PLACE = "calibration"
"""Name of the subfolder, and of the config group it is when the folder is a `--config-dir`."""


def write_outputs(folder: Path, plan: Plan, request: Request, fit: Fit) -> None:
    """Write fitted.yaml, posterior.csv, parameters.csv, moments.csv, identification.csv and summary.json.

    Parameters
    ----------
    folder
        The results folder.
    plan, request
        What was asked.
    fit
        What was found.
    """
    place = folder / PLACE
    place.mkdir(parents=True, exist_ok=True)
    inference = infer(fit)
    sample = draws(fit, inference, int(plan.design.draws or 0), int(plan.design.seed or 0))
    tables = {
        "parameters": parameter_table(fit, inference, plan.points[0]),
        "moments": moment_table(fit, plan.design),
        "identification": identification_table(fit, inference),
        "posterior": draw_table(fit, sample),
    }
    for name, table in tables.items():
        write_text(place / f"{name}.csv", table.to_csv(index=False, float_format="%.10g"))
    write_json(place / "summary.json", _summary(fit, inference))
    write_text(place / "fitted.yaml", preset(request, fit.point, _comment(plan, tables["moments"].to_dict("records"))))


def _summary(fit: Fit, inference: Inference) -> dict[str, object]:
    plain = asdict(inference)
    kept = {name: np.asarray(plain[name]).tolist() for name in ("singular", "weakest", "distance")}
    return {
        **kept,
        "p_value": None if np.isnan(inference.p_value) else inference.p_value,
        "condition": inference.condition if np.isfinite(inference.condition) else None,
        "blind": inference.blind,
        "keys": list(fit.problem.factors),
        "descents": [
            {"distance": float(distance), **fit.problem.points(end[None, :])[0]}
            for distance, end in zip(fit.distances, fit.ends, strict=True)
        ],
    }


def _comment(plan: Plan, moments: list[dict[Any, Any]]) -> str:
    lines = [
        f"{plan.experiment.name}: fitted by galleria calibrate, {plan.replications} replications a point.",
        "Moment: seen, simulated here, source.",
        *(
            f"  {row['measure']}: {row['target']:.6g}, {row['simulated']:.6g}, {row['source'] or '-'}"
            for row in moments
        ),
        "",
        f"  galleria run --config-dir DIR {PLACE}=fitted",
    ]
    return "\n".join(lines)
