"""The page: one HTML file that needs no other."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from galleria.experiments.report.calibration import is_calibration
from galleria.experiments.report.charts import KEY, numbered
from galleria.experiments.report.pictures import FORMATS, Picture, save
from galleria.experiments.report.study import Study
from galleria.experiments.report.tables import comparison_table, level_table
from galleria.experiments.report.told import Told
from galleria.experiments.report.whatif import what_if

_TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def render(study: Study, said: Told, folder: Path, formats: Sequence[str] = FORMATS[:1]) -> Path:
    """Draw every picture and write the page.

    Parameters
    ----------
    study
        What is reported.
    said
        What is told of it.
    folder
        Becomes index.html and figures/, and where the design allows what_if.html.
    formats
        What each picture is saved as beside the page.
    """
    figures = folder / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    drawn = [
        {"section": section, "charts": [(number, save(chart, figures, formats)) for number, chart in charts]}
        for section, charts in numbered(said.sections)
    ]
    key = drawn.pop(0) if said.sections and said.sections[0].key == KEY else None
    tried_all_over = not is_calibration(study) and "search" not in study.results.provenance
    sliders = what_if(study, folder, said.facts["title"]) if tried_all_over else None
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["groupby_in_order"] = _groups
    claims = [claim for part in said.summary for claim in part.claims]
    page = environment.get_template("report.html").render(
        **said.facts,
        sliders=sliders is not None,
        style=(_TEMPLATES / "report.css").read_text(encoding="utf-8"),
        script=(_TEMPLATES / "report.js").read_text(encoding="utf-8"),
        answers=said.answers,
        would_change=said.would_change,
        key_figure=key,
        summary=said.summary,
        hypotheses=[each for each in said.tested if not each.check],
        checks=[each for each in said.tested if each.check],
        warnings=said.warnings,
        brackets=said.brackets,
        greyed=any(not claim.clear for claim in claims),
        doubtful=any(claim.doubtful for claim in claims),
        family=sum(len(c.metrics) for c in said.compared),
        drawn=drawn,
        level_table=level_table(study, study.centre),
        comparison_tables=[(c.lead(study), comparison_table(study, c.before, c.after)) for c in said.compared],
    )
    path = folder / "index.html"
    temporary = path.with_suffix(".part")
    temporary.write_text(page, encoding="utf-8")
    temporary.replace(path)
    return path


def _groups(charts: Sequence[tuple[int, Picture]]) -> list[tuple[str, list[tuple[int, Picture]]]]:
    """Gather neighbouring pictures under their common heading."""
    return [(heading, list(group)) for heading, group in groupby(charts, key=lambda pair: pair[1].group)]
