"""What was found: the claims that a report leads with, under the changes they are of."""

from collections.abc import Sequence
from dataclasses import dataclass

from galleria.experiments.report.calibration import calibration_claims, is_calibration
from galleria.experiments.report.causes import WHY, cause_claims
from galleria.experiments.report.comparing import LEVEL_METRICS, Claim, Comparison, claims, levels_of
from galleria.experiments.report.draws import draw_claims, number_of_draws
from galleria.experiments.report.search import search_claims
from galleria.experiments.report.sensitivity import sensitivity_claims, sign_claims
from galleria.experiments.report.study import Study
from galleria.experiments.report.trends import trend_claims


@dataclass(frozen=True)
class SummaryPart:
    """Claims under one lead."""

    lead: str
    claims: list[Claim]


def summary_of(study: Study, compared: Sequence[Comparison], overall: list[Claim]) -> list[SummaryPart]:
    """List what was found: of the design as a whole (`overall`), of its comparisons, or of the middle point alone."""
    if overall:
        return [SummaryPart(design_lead(study), overall)]
    if not compared:
        where = study.held(study.centre, but=[])
        lead = f"At the middle of the design ({where})" if where else "What this run gives"
        sentences = levels_of(study, study.centre, LEVEL_METRICS)
        return [SummaryPart(lead, [Claim(text, text, clear=True) for text in sentences])]
    made = claims(study, compared)
    why = [SummaryPart(WHY, found) for c in compared if c.moved and (found := cause_claims(study, c))]
    if drawn := [SummaryPart(c.lead(study), found) for c in compared if (found := draw_claims(study, c))]:
        return [*drawn, *why]
    told = [SummaryPart(c.lead(study), found) for c, found in zip(compared, made, strict=True)]
    return [*told, *why]


def brackets_of(study: Study, overall: list[Claim]) -> str:
    """Say what the brackets of the summary are, which may be of the design as a whole (`overall`)."""
    n = f"n\u00a0=\u00a0{len(study.cube.replications)}"
    if not study.factors:
        return f"Brackets hold 95 % intervals over replications, {n}."
    if "search" in study.results.provenance:
        return "Brackets hold 95 % intervals over fresh replications, of differences paired by replication."
    if is_calibration(study):
        return "Brackets hold 95 % intervals of the fitted parameters."
    if overall:
        return "Brackets hold 95 % intervals over the points of the design."
    if number_of_draws(study):
        return "Brackets hold 95 % intervals of shares of draws and of means over them, a draw a replication."
    return f"Brackets hold 95 % intervals of differences paired by replication, {n}."


def design_claims(study: Study) -> list[Claim]:
    """Say what a design over many factors shows as a whole; nothing for designs that compare single points."""
    if study.shape != "scattered" or study.decomposed:
        return []
    return (
        calibration_claims(study)
        or search_claims(study)
        or sign_claims(study)
        or sensitivity_claims(study)
        or trend_claims(study)
    )


def design_lead(study: Study) -> str:
    """Say what the claims about a whole design are of."""
    if "search" in study.results.provenance:
        return "The search"
    if is_calibration(study):
        return "The calibration"
    return f"Over the {len(study.settings)} points of the design"
