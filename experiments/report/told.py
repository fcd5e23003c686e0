"""What a report tells, before it is set as a page or a paper."""

from dataclasses import dataclass
from typing import Any

from galleria.experiments.report.answer import Answer, answers, what_would_change
from galleria.experiments.report.calibration import is_calibration
from galleria.experiments.report.charts import Section, key_first
from galleria.experiments.report.collapsed import collapsed
from galleria.experiments.report.comparing import Comparison, comparisons, doubted
from galleria.experiments.report.contents import sections_of
from galleria.experiments.report.discovery import turn_claims, turns
from galleria.experiments.report.facts import facts
from galleria.experiments.report.hypotheses import Tested, verdicts
from galleria.experiments.report.study import Study
from galleria.experiments.report.summary import SummaryPart, brackets_of, design_claims, summary_of


@dataclass(frozen=True)
class Told:
    """What a report tells.

    Attributes
    ----------
    facts
        Of the experiment itself.
    compared
        The comparisons it leads with.
    answers, would_change
        Who gains and loses by them, and what would change that; none where the design is told as a whole.
    summary
        What was found, under leads.
    tested
        Hypotheses and checks with their verdicts.
    sections
        Parts with charts not yet drawn, the key figure's first where there are answers.
    warnings
        What to know before anything else.
    brackets
        What brackets hold.
    """

    facts: dict[str, Any]
    compared: list[Comparison]
    answers: list[Answer]
    would_change: str
    summary: list[SummaryPart]
    tested: list[Tested]
    sections: list[Section]
    warnings: list[str]
    brackets: str


def told(study: Study) -> Told:
    """Gather what is told of a study."""
    compared = comparisons(study)
    turned = [] if is_calibration(study) else turns(study, compared)
    overall = design_claims(study)
    answered = [] if overall else answers(study, compared)
    sections = sections_of(study, compared, turned)
    summary = summary_of(study, compared, overall)
    if found := turn_claims(turned):
        summary.append(SummaryPart("Where the sign turns", found))
    return Told(
        facts=facts(study),
        compared=compared,
        answers=answered,
        would_change=what_would_change(study, compared, turned) if answered else "",
        summary=summary,
        tested=verdicts(study, doubted(study, compared)),
        sections=key_first(sections) if answered else sections,
        warnings=collapsed(study),
        brackets=brackets_of(study, overall),
    )
