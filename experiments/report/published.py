"""What was simulated beside what was published, with sign and rough size."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from galleria.experiments.report.charts import Section
from galleria.experiments.report.draws import number_of_draws
from galleria.experiments.report.hypotheses import change
from galleria.experiments.report.study import Study
from galleria.experiments.report.tables import Table
from galleria.experiments.report.words import NARROW, Unit, decimals_for, signed_amount, unit_of
from galleria.experiments.statistics import Estimate, t_interval
from galleria.experiments.statistics.intervals import Floats

_READING = (
    "Published figures are of other cities, years and measures than the simulated ones, and of platforms whose answers "
    "differ from the modelled ones: signs and rough sizes are what can be compared."
)
_PERCENT = Unit(after=f"{NARROW}%", scale=100.0)


def published_section(study: Study) -> Section | None:
    """Tabulate simulated and published changes, where the experiment names such."""
    table = published_table(study)
    if not table.rows:
        return None
    return Section(
        key="published",
        title="Simulated beside published",
        paragraphs=(_READING,),
        charts=(),
        tables=(("Simulated with 95 % intervals of changes paired by replication, published with their range", table),),
    )


def published_table(study: Study) -> Table:
    """Set each published change beside the simulated one."""
    rows = []
    for entry in study.results.provenance.get("published") or []:
        metric = str(entry["metric"])
        moved = _simulated(study, entry)
        simulated = None if moved is None else t_interval(moved)
        relative = entry["measured"] == "relative"
        unit = _PERCENT if relative or metric not in study.cube else unit_of(study.cube.unit(metric), metric)
        # Published differences of shares are given as shares, as the model gives its own.
        low, high = float(entry["low"]), float(entry["high"])
        told = f"{_sentence(simulated, unit)}{_in_draws(study, moved)}"
        cells = (entry["what"], told, _range(low, high, unit), _judged(simulated, low, high))
        rows.append((metric, (*cells, entry["source"])))
    return Table(("Change", "Simulated", "Published", "Simulated against published", "Source"), tuple(rows), "words")


def _simulated(study: Study, entry: Mapping[str, Any]) -> Floats | None:
    """Return the change in each replication, NaN where it cannot be told."""
    ends = change(study, entry, str(entry["metric"]))
    if ends is None:
        return None
    before, after = ends
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = after / before - 1 if entry["measured"] == "relative" else after - before
    return np.where(np.isfinite(moved), moved, np.nan)


def _in_draws(study: Study, moved: Floats | None) -> str:
    """Say in how many draws of the parameters a change has its more frequent sign; nothing where none are drawn."""
    if moved is None or not number_of_draws(study):
        return ""
    up, down = int((moved > 0).sum()), int((moved < 0).sum())
    return f", {'up' if up >= down else 'down'} in {max(up, down)} of {int(np.isfinite(moved).sum())} draws"


def _sentence(estimate: Estimate | None, unit: Unit) -> str:
    if estimate is None or not np.isfinite(estimate.mean):
        return "not measured"
    mean, low, high = (unit.scale * float(value) for value in (estimate.mean, estimate.low, estimate.high))
    places = decimals_for((high - low) / 2, mean)
    middle, below, above = (signed_amount(value, places, unit) for value in (mean, low, high))
    return f"{middle} [{below}, {above}]{unit.difference or unit.after}"


def _range(low: float, high: float, unit: Unit) -> str:
    ends = [signed_amount(unit.scale * end, _as_given(unit.scale * end), unit) for end in (low, high)]
    shown = ends[0] if low == high else f"{ends[0]} to {ends[1]}"
    return f"{shown}{unit.difference or unit.after}"


def _as_given(value: float) -> int:
    """Return the decimals with which a number was given."""
    return len(f"{round(value, 6):g}".partition(".")[2])


def _judged(estimate: Estimate | None, low: float, high: float) -> str:
    """Compare an interval with a published range: sign first, then size."""
    if estimate is None or not np.isfinite([float(estimate.low), float(estimate.high)]).all():
        return "cannot be told"
    below, above = float(estimate.low), float(estimate.high)
    both_signs, little = below <= 0 <= above, low <= 0 <= high
    if below <= high and low <= above:
        near = low <= (below + above) / 2 <= high
        unsure = "agrees, sign not sure" if near else "too wide to tell"
        return unsure if both_signs and not little else "agrees in size"
    if both_signs:
        return "no change to be seen"
    if little:
        return "a change where little was published"
    if np.sign(below) != np.sign(low):
        return "opposite sign"
    return "same sign, larger" if abs(below + above) > abs(low + high) else "same sign, smaller"
