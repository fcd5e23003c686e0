"""The pictures of a search: its course, and the objective along each factor."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from galleria.experiments.design.factors import Value
from galleria.experiments.figures.search import Course, Slice, plot_course, plot_slice
from galleria.experiments.report.charts import Chart, slug
from galleria.experiments.report.study import Factor, Study
from galleria.experiments.report.words import Unit, lower_first, unit_of
from galleria.experiments.statistics import Estimate, t_interval
from galleria.experiments.statistics.intervals import Floats
from galleria.experiments.statistics.optimum import chance_of_all
from galleria.experiments.sweep.search_record import Record, Seen, look_at

_STEPS = 60


@dataclass(frozen=True)
class Found:
    """A search and what its points gave.

    Attributes
    ----------
    record
        The search.
    seen
        The fits; None where too little ran.
    points
        The searched points.
    differences
        float64[points, replications], of the objective from the baseline's.
    """

    record: Record
    seen: Seen | None
    points: list[dict[str, Value]]
    differences: Floats


def found_in(study: Study) -> Found | None:
    """Read the search of a study; None for other designs, and where the objective was not measured."""
    content = study.results.provenance.get("search")
    if content is None:
        return None
    record = Record.read(content)
    if any(metric not in study.cube for metric in record.metrics()):
        return None
    rows = study.cube.points < record.points
    first = study.cube.replications < record.replications
    values = {metric: study.cube.of(metric)[rows][:, first] for metric in record.metrics()}
    plan = study.results.plan.drop_duplicates("point").set_index("point").sort_index()
    points = [{key: plan.loc[i, key] for key in record.factors} for i in study.cube.points[rows]]
    objective = record.objective_of(values)
    return Found(record, look_at(record, points, values), points, objective - objective[0])


def objective_unit(study: Study, record: Record) -> Unit:
    """Return the unit of the objective: that of its measures where all have the same, else none."""
    units = {study.cube.unit(metric) for metric in record.objective}
    one = len(units) == 1
    return unit_of(units.pop(), next(iter(record.objective)) if len(record.objective) == 1 else "") if one else Unit()


def _title(study: Study, record: Record) -> str:
    unit = objective_unit(study, record)
    written = f"{unit.before}{unit.after_difference}".strip()
    return f"Objective less the baseline's{f' ({written})' if written else ''}"


def course_chart(study: Study, found: Found, check: Estimate | None) -> Chart:
    """Draw what every point gave, in the order of the search."""
    record, seen = found.record, found.seen
    if seen is None:
        raise AssertionError
    scale = objective_unit(study, record).scale
    estimate = t_interval(found.differences)
    rounds = [0] * record.first + [number for number, points in enumerate(record.rounds, 1) for _ in points]
    frame = pd.DataFrame(
        {
            "order": np.arange(1, record.points + 1),
            "round": rounds,
            "mean": scale * estimate.mean,
            "low": scale * estimate.low,
            "high": scale * estimate.high,
            "kept": chance_of_all(seen.limits, seen.shares) >= 0.5,
            "winner": np.arange(record.points) == (-1 if record.winner is None else record.winner),
            "check": False,
        }
    )
    if check is not None:
        row = {
            "order": record.points + 1,
            "round": len(record.rounds) + 1,
            **{name: scale * float(getattr(check, name)) for name in ("mean", "low", "high")},
            "kept": True,
            "winner": True,
            "check": True,
        }
        frame = pd.concat([frame, pd.DataFrame([row])], ignore_index=True)
    return Chart(
        name="search-course",
        draw=partial(plot_course, Course(frame, _title(study, record), bool(record.limits))),
        frame=frame,
        caption="What every point of the search gave, as the paired difference of the objective from the baseline "
        "point (dashed), and the winner on fresh replications.",
        alt=f"Differences of the objective at {record.points} points, from {frame['mean'].min():.4g} to "
        f"{frame['mean'].max():.4g}, in the order in which they were tried.",
    )


def slice_chart(study: Study, found: Found, factor: Factor, best: int) -> Chart:
    """Draw the objective along a numeric factor."""
    record, seen = found.record, found.seen
    if seen is None:
        raise AssertionError
    given, unit = record.factors[factor.key], objective_unit(study, record)
    low, high = factor.levels[0], factor.levels[-1]
    if given.low is not None and given.high is not None:
        low, high = given.low, given.high
    steps = np.geomspace if given.scale == "log" else np.linspace
    x = steps(float(low), float(high), _STEPS)
    along = record.space.encode([{**found.points[best], factor.key: float(value)} for value in x])
    mean, sd = seen.objective.at(along)
    factors = unit.scale * record.sign
    curve = pd.DataFrame({"x": x, "mean": factors * mean, "low": factors * mean - 1.96 * unit.scale * sd})
    curve["high"] = factors * mean + 1.96 * unit.scale * sd
    estimate = t_interval(found.differences)
    line = record.space.encode([{**point, factor.key: found.points[best][factor.key]} for point in found.points])
    apart = np.sqrt(((line - seen.shares[best]) ** 2).sum(axis=1))
    points = pd.DataFrame(
        {
            "x": [float(point[factor.key]) for point in found.points],  # type: ignore[arg-type]
            "mean": unit.scale * estimate.mean,
            "low": unit.scale * estimate.low,
            "high": unit.scale * estimate.high,
            "near": np.exp(-3 * apart),
            "winner": np.arange(len(found.points)) == best,
        }
    )
    chart = Slice(curve, points, _title(study, record), factor.axis_label(), factor.percent, log_x=given.scale == "log")
    return Chart(
        name=f"search-{slug(factor.key)}",
        draw=partial(plot_slice, chart),
        frame=pd.concat([curve.assign(what="expected"), points.assign(what="tried")]),
        caption=f"The objective along {lower_first(factor.label)}, the other factors at the winner's levels, as "
        "expected from all points (line and band), and the points, fainter the further their other levels lie.",
        alt=f"Expected objective along {lower_first(factor.label)}, best at {found.points[best][factor.key]}.",
    )
