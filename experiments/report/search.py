"""What a search found: the best level, how much better it is on fresh replications, and how it was found."""

import numpy as np

from galleria.experiments.report.charts import Section
from galleria.experiments.report.comparing import Claim
from galleria.experiments.report.search_charts import course_chart, found_in, objective_unit, slice_chart
from galleria.experiments.report.study import Study
from galleria.experiments.report.tables import Table
from galleria.experiments.report.words import (
    Unit,
    decimals_for,
    lower_first,
    metric_phrase,
    number,
    signed_amount,
    unit_of,
)
from galleria.experiments.statistics import Estimate, paired_difference, t_interval
from galleria.experiments.sweep.search_record import Record

_READING = (
    "A Gaussian process was fitted to the differences of the objective from the baseline point, paired by replication, "
    "and every round tried the points where most improvement was to be expected. The best of many tried points looks "
    "better than it is; so the winner met the baseline once more, on replications that the search had not seen."
)


def search_claims(study: Study) -> list[Claim]:
    """Say where the best level lies and what it gains on fresh replications."""
    found = found_in(study)
    if found is None:
        return []
    record, runs = found.record, len(study.results.plan)
    asked = f"{_asked(record)}: {record.points} points in {len(record.rounds) + 1} rounds, {runs} runs"
    if not record.ended:
        return [Claim("", f"{asked}; the search is not at its end", clear=False)]
    if record.winner is None:
        why = record.ended if found.seen is None else "no level was found that keeps the limits"
        return [Claim("", f"{asked}; {why}", clear=False)]
    if record.winner == 0:
        return [Claim("", f"{asked}; no level was found that is better than the baseline", clear=False)]
    claims = [Claim("", f"{asked}; best at {_levels(study, record.winner)}{_at_an_end(study, record)}", clear=True)]
    gain = _checked_gain(study, record)
    if gain is not None and gain.n > 1:
        unit = objective_unit(study, record)
        text = f"on {int(gain.n)} fresh replications the objective differs from the baseline's by {_amount(gain, unit)}"
        claims.append(Claim("objective", text, clear=not float(gain.low) <= 0 <= float(gain.high)))
    return [*claims, *(_limit_claim(study, record, metric) for metric in record.limits)]


def search_section(study: Study) -> Section | None:
    """Draw the course of the search and the objective along each numeric factor."""
    found = found_in(study)
    if found is None or found.seen is None:
        return None
    charts = [course_chart(study, found, _checked_gain(study, found.record))]
    best = found.seen.best()
    if best is not None:
        charts += [slice_chart(study, found, factor, best) for factor in study.factors if factor.numeric]
    replications = found.record.replications
    return Section(
        key="search",
        title="The search",
        paragraphs=(_READING, f"The search {_asked(found.record)}. It ended: {found.record.ended or 'not yet'}."),
        charts=tuple(charts),
        tables=(("The winner and the baseline on fresh replications", _table(study, found.record)),),
        note=f"Intervals are 95 %; points have {replications} replications each.",
    )


def _asked(record: Record) -> str:
    terms = [
        metric_phrase(metric)[0] if weight == 1 else f"{weight:g} \u00d7 {metric_phrase(metric)[0]}"
        for metric, weight in record.objective.items()
    ]
    limits = [f"{metric_phrase(metric)[0]} {_ends(record, metric)}" for metric in record.limits]
    kept = f", with {' and '.join(limits)}" if limits else ""
    return f"{record.sense}s {' + '.join(terms)}{kept}"


def _ends(record: Record, metric: str) -> str:
    limit = record.limits[metric]
    ends = [f"at least {limit.least:g}"] if limit.least is not None else []
    return " and ".join([*ends, *([f"at most {limit.most:g}"] if limit.most is not None else [])])


def _levels(study: Study, point: int) -> str:
    return study.held(point, but=[])


def _at_an_end(study: Study, record: Record) -> str:
    """Say which levels of the winner lie at an end of what was searched."""
    point = study.settings.loc[record.winner]
    ends = [
        lower_first(factor.label)
        for factor in study.factors
        if (given := record.factors[factor.key]).low is not None and point[factor.key] in {given.low, given.high}
    ]
    return f" (at the end of the range of {' and '.join(ends)}: look beyond)" if ends else ""


def _checked_gain(study: Study, record: Record) -> Estimate | None:
    """Return the paired difference of the objective between winner and baseline on fresh replications."""
    if record.checked is None:
        return None
    fresh = study.cube.replications >= record.replications
    ends = [
        record.objective_of({m: study.cube.at(point, m)[fresh] for m in record.objective})
        for point in (record.checked, 0)
    ]
    return paired_difference(ends[0], ends[1])


def _limit_claim(study: Study, record: Record, metric: str) -> Claim:
    estimate = t_interval(study.cube.at(int(record.checked or 0), metric))
    unit, limit = unit_of(study.cube.unit(metric), metric), record.limits[metric]
    least = -np.inf if limit.least is None else limit.least
    most = np.inf if limit.most is None else limit.most
    low, high = float(estimate.low), float(estimate.high)
    verdict = "which is kept" if least <= low and high <= most else "which is not sure to be kept"
    if high < least or low > most:
        verdict = "which is broken"
    middle, below, above = (unit.scale * float(v) for v in (estimate.mean, low, high))
    digits = decimals_for((above - below) / 2, middle)
    level = f"{unit.before}{number(middle, digits)} [{number(below, digits)}, {number(above, digits)}]{unit.after}"
    sentence = f"{metric_phrase(metric)[0]} there: {level}, to be {_ends(record, metric)}, {verdict}"
    return Claim(metric, sentence, clear=verdict != "which is not sure to be kept")


def _amount(estimate: Estimate, unit: Unit) -> str:
    mean, low, high = (unit.scale * float(value) for value in (estimate.mean, estimate.low, estimate.high))
    digits = decimals_for((high - low) / 2, mean)
    middle, below, above = (signed_amount(value, digits, unit) for value in (mean, low, high))
    return f"{middle} [{below}, {above}]{unit.after_difference}"


def _table(study: Study, record: Record) -> Table:
    """Set the objective's measures and the limited ones, winner and baseline on fresh replications."""
    if record.checked is None:
        return Table((), ())
    fresh = study.cube.replications >= record.replications
    rows = []
    for metric in record.metrics():
        unit = unit_of(study.cube.unit(metric), metric)
        best, base = (study.cube.at(point, metric)[fresh] for point in (record.checked, 0))
        difference = paired_difference(best, base)
        digits = decimals_for(unit.scale * float(difference.high - difference.low) / 2, unit.scale)
        ends = (number(unit.scale * float(t_interval(values).mean), digits) for values in (base, best))
        rows.append((metric, (metric_phrase(metric)[0], *ends, _amount(difference, unit))))
    return Table(("Measure", "Baseline", "Winner", "Difference, 95 % interval"), tuple(rows))
