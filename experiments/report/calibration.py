"""What a calibration found: the fitted parameters, how near the moments are, and what tells what."""

import json
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from galleria.experiments.calibration.outputs import PLACE
from galleria.experiments.figures.calibration import plot_influence, plot_residuals
from galleria.experiments.report.charts import Chart, Section
from galleria.experiments.report.comparing import Claim
from galleria.experiments.report.study import Study
from galleria.experiments.report.tables import Table
from galleria.experiments.report.words import metric_title

_READING = (
    "Parameters were fitted by the simulated method of moments: points spread over the ranges, points where an "
    "emulator expected the moments to be met, and from the best of them descents by Gauss-Newton steps, all on the "
    "same random numbers. Standard errors hold the doubt of what was seen and that of the simulated means."
)


@dataclass(frozen=True)
class Fitted:
    """The files of a calibration.

    Attributes
    ----------
    parameters, moments, identification
        Its tables.
    summary
        The rest.
    """

    parameters: pd.DataFrame
    moments: pd.DataFrame
    identification: pd.DataFrame
    summary: dict[str, Any]


def is_calibration(study: Study) -> bool:
    """Say whether a study is a calibration."""
    return PLACE in study.results.provenance


def _read(study: Study) -> Fitted | None:
    place = study.results.folder / PLACE
    if not (place / "summary.json").is_file():
        return None
    tables = {name: pd.read_csv(place / f"{name}.csv") for name in ("parameters", "moments", "identification")}
    return Fitted(**tables, summary=json.loads((place / "summary.json").read_text(encoding="utf-8")))


def calibration_claims(study: Study) -> list[Claim]:
    """Say what was fitted, how near the moments are, and what is doubtful."""
    if not is_calibration(study):
        return []
    found = _read(study)
    if found is None:
        return [Claim("", "the calibration is not at its end", clear=False)]
    claims = [
        Claim(row["key"], f"{row['key']} = {row['fitted']:.5g} [{row['ci_low']:.5g}, {row['ci_high']:.5g}]", clear=True)
        for row in found.parameters.to_dict("records")
    ]
    return [*claims, _nearness(found), *_doubts(found)]


def _nearness(found: Fitted) -> Claim:
    off = found.moments["off_in_se"].abs()
    worst = found.moments.to_dict("records")[int(off.argmax())]
    said = f"{int((off < 2).sum())} of {len(off)} moments lie within two standard errors of what was seen"
    said += f"; farthest is {worst['measure']}: {worst['simulated']:.4g}, seen {worst['target']:.4g}"
    p_value = found.summary["p_value"]
    if p_value is not None:
        said += f"; by chance moments would be as far off with probability {p_value:.2g}"
    return Claim("", said, clear=bool((off < 2).all()))


def _doubts(found: Fitted) -> list[Claim]:
    doubts = []
    ends = found.parameters.loc[found.parameters["at_end"], "key"].tolist()
    if ends:
        doubts.append(f"at an end of its range: {', '.join(ends)}; look beyond, or ask whether the model fits")
    if found.summary["blind"]:
        keys, weakest = found.summary["keys"], np.abs(found.summary["weakest"])
        blind = [key for key, part in zip(keys, weakest, strict=True) if part >= _PART * weakest.max()]
        doubts.append(
            f"these moments hardly tell {' from '.join(blind)}: the range says as much; add a moment that does"
        )
    return [Claim("", text, clear=False) for text in doubts]


_PART = 0.5
"""Part of the largest one that a parameter has in a direction for which it is named."""


def calibration_section(study: Study) -> Section | None:
    """Draw how far each moment is from its target, and which moment moves which parameter."""
    found = _read(study) if is_calibration(study) else None
    if found is None:
        return None
    condition = found.summary["condition"]
    told = "is infinite" if condition is None else f"is {condition:.3g}"
    return Section(
        key="calibration",
        title="The calibration",
        paragraphs=(
            _READING,
            f"The condition number of the slopes, in standard errors of the moments over the ranges, {told}.",
            f"{PLACE}/fitted.yaml composes ({PLACE}=fitted, --config-dir); {PLACE}/posterior.csv is a design=table.",
        ),
        charts=(_residuals(study, found), _influence(found)),
        tables=(
            ("Fitted parameters, with 95 % intervals", _parameters(found)),
            (
                "Moments: what was seen and what is simulated at the fitted point, each with its standard error",
                _moments(found),
            ),
        ),
    )


def _residuals(study: Study, found: Fitted) -> Chart:
    moments = found.moments
    frame = pd.DataFrame(
        {
            "label": [_title(study, name) for name in moments["measure"]],
            "off_in_se": moments["off_in_se"],
            "simulated_se_in_se": moments["simulated_se"] / moments["se"],
        }
    )
    return Chart(
        "moments",
        partial(plot_residuals, frame),
        frame,
        "Moments at the fitted point. Lines: 95 % intervals of the simulated means; shaded: where 95 of a hundred "
        "moments lie if the model is right.",
        f"Distances of {len(frame)} moments from what was seen, from {frame['off_in_se'].min():.2g} to "
        f"{frame['off_in_se'].max():.2g} standard errors.",
    )


def _influence(found: Fitted) -> Chart:
    table = found.identification
    cells = table.pivot_table(index="key", columns="measure", values="influence", sort=False)
    return Chart(
        "influence",
        partial(plot_influence, cells.rename(columns=lambda name: name.replace("_", " "))),
        table,
        "Which moment moves which parameter: by how many of its standard errors the fitted value moves when a moment "
        "moves by one of its own.",
        f"Heat map of {cells.shape[0]} parameters by {cells.shape[1]} moments.",
    )


def _title(study: Study, metric: str) -> str:
    return metric_title(metric, study.cube.unit(metric)) if metric in study.cube else metric


def _parameters(found: Fitted) -> Table:
    rows = [
        (
            row["key"],
            (
                row["key"],
                f"{row['low']:.5g} to {row['high']:.5g}",
                f"{row['start']:.5g}",
                f"{row['fitted']:.5g}",
                "not told" if np.isnan(row["se"]) else f"{row['se']:.3g}",
                f"{row['ci_low']:.5g} to {row['ci_high']:.5g}",
            ),
        )
        for row in found.parameters.to_dict("records")
    ]
    return Table(("Parameter", "Range", "Start", "Fitted", "Standard error", "95 % interval"), tuple(rows))


def _moments(found: Fitted) -> Table:
    rows = [
        (
            row["measure"],
            (
                row["measure"],
                f"{row['target']:.5g} ({row['se']:.2g})",
                f"{row['simulated']:.5g} ({row['simulated_se']:.2g})",
                f"{row['weight']:g}",
                str(row["source"]) if isinstance(row["source"], str) else "",
            ),
        )
        for row in found.moments.to_dict("records")
    ]
    return Table(("Moment", "Seen", "Simulated", "Weight", "Source"), tuple(rows), holds="words")
