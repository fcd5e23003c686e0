"""The report as a manuscript: Markdown, or LaTeX with booktabs tables and figures as wide as a column."""

from pathlib import Path

from galleria.experiments.report.papers.document import document
from galleria.experiments.report.papers.latex import latex
from galleria.experiments.report.papers.markdown import markdown
from galleria.experiments.report.study import Study
from galleria.experiments.report.told import Told

WRITERS = {"md": markdown, "tex": latex}
"""Ending -> what writes a document so."""


def write_paper(study: Study, said: Told, folder: Path, ending: str) -> Path:
    """Write report.md or report.tex into a folder that has figures/ with PNG, for LaTeX also PDF."""
    path = folder / f"report.{ending}"
    path.write_text(WRITERS[ending](document(study, said)), encoding="utf-8")
    return path
