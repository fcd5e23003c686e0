"""Build the report of a results folder."""

from collections.abc import Sequence
from pathlib import Path

from galleria.experiments.report.causes import WHY, cause_claims
from galleria.experiments.report.collapsed import collapsed
from galleria.experiments.report.comparing import LEVEL_METRICS, claims, comparisons, levels_of, sentence
from galleria.experiments.report.draws import draw_claims
from galleria.experiments.report.page import render
from galleria.experiments.report.papers import write_paper
from galleria.experiments.report.pictures import FORMATS
from galleria.experiments.report.study import Study
from galleria.experiments.report.summary import design_claims, design_lead
from galleria.experiments.report.told import told
from galleria.experiments.results import Results, load

_MOST_SENTENCES = 4
_MOST_LEVELS = 6


def findings(results: Results) -> list[str]:
    """Say in a few sentences what an experiment found, each with its 95 % interval.

    Parameters
    ----------
    results
        As loaded from a results folder.
    """
    study = Study.of(results)
    return [f"Warning: {text}" for text in collapsed(study)] + _found(study)


def _found(study: Study) -> list[str]:
    compared = comparisons(study)
    if overall := design_claims(study):
        return [sentence(design_lead(study), claim) for claim in overall]
    if not compared:
        return [f"{text}." for text in levels_of(study, study.centre, LEVEL_METRICS)[:_MOST_LEVELS]]
    drawn = [draw_claims(study, c) for c in compared]
    why = [sentence(WHY, claim) for c in compared if c.moved for claim in cause_claims(study, c)]
    return why or [
        sentence(c.lead(study), claim)
        for c, found in zip(compared, drawn if any(drawn) else claims(study, compared), strict=True)
        for claim in found[:_MOST_SENTENCES]
    ]


def build_report(folder: Path, formats: Sequence[str] = FORMATS[:1], papers: Sequence[str] = ()) -> Path:
    """Write the report of a results folder and give the path of its page.

    Parameters
    ----------
    folder
        A results folder; the report goes to its subfolder `report`: index.html, which needs no other file,
        and figures/ with each picture and its numbers as CSV.
    formats
        What pictures are saved as: "png", "svg", "pdf".
    papers
        Manuscripts to write beside the page: "md" (with pictures as PNG), "tex" (as PDF).
    """
    study = Study.of(load(folder))
    said = told(study)
    page = render(study, said, folder / "report", formats)
    for ending in papers:
        write_paper(study, said, folder / "report", ending)
    return page
