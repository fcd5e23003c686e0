"""The page: one HTML file that needs no other."""

import html
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import TypeAdapter, ValidationError

from galleria.experiments.report.answer import answers, what_would_change
from galleria.experiments.report.asked import asked_section
from galleria.experiments.report.bundling import bundling_section
from galleria.experiments.report.calibration import calibration_section, is_calibration
from galleria.experiments.report.charts import KEY, Section, key_first, numbered
from galleria.experiments.report.collapsed import collapsed
from galleria.experiments.report.comparing import Comparison, comparisons, doubted
from galleria.experiments.report.discovery import Turn, discovery_section, turn_claims, turns
from galleria.experiments.report.heat_maps import heat_section
from galleria.experiments.report.hypotheses import verdicts
from galleria.experiments.report.pictures import FORMATS, Picture, save
from galleria.experiments.report.precision import bending_table, precision_section
from galleria.experiments.report.predicted import predicted_section
from galleria.experiments.report.published import published_section
from galleria.experiments.report.responses import response_section
from galleria.experiments.report.search import search_section
from galleria.experiments.report.sensitivity import sensitivity_section, surface_table
from galleria.experiments.report.service import service_section
from galleria.experiments.report.stakeholders import gains_section
from galleria.experiments.report.study import Study
from galleria.experiments.report.summary import SummaryPart, brackets_of, design_claims, summary_of
from galleria.experiments.report.supply_demand import supply_demand_section
from galleria.experiments.report.tables import Table, comparison_table, level_table
from galleria.experiments.report.whatif import what_if

if TYPE_CHECKING:
    from galleria.models.city import City

_TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_MOST_ERRORS = 20
_UNNAMED = "free"
_SURFACE = (
    "Surfaces over all factors: a quadratic polynomial and a Gaussian process were fitted to the means of the points, "
    "and the one that predicts left-out points better is shown. The error is that of points left out one by one."
)
_BENDS = (
    "Where curves bend: breaks of a straight line along one factor, the others at the baseline point, that pass "
    "Holm's adjustment at 5 % over all curves tried. Intervals by resampling replications."
)
_NO_BENDS = "No curve bends so that these replications could tell it from a straight line (Holm's adjustment at 5 %)."


def render(study: Study, folder: Path, formats: Sequence[str] = FORMATS[:1]) -> Path:
    """Draw every picture and write the page.

    Parameters
    ----------
    study
        What is reported.
    folder
        Becomes index.html and figures/.
    formats
        What each picture is saved as beside the page.
    """
    figures = folder / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    compared = comparisons(study)
    turned = [] if is_calibration(study) else turns(study, compared)
    answered = [] if design_claims(study) else answers(study, compared)
    sections = sections_of(study, compared, turned)
    if answered:
        sections = key_first(sections)
    drawn = [
        {"section": section, "charts": [(number, save(chart, figures, formats)) for number, chart in charts]}
        for section, charts in numbered(sections)
    ]
    about = facts(study)
    sliders = (
        None
        if is_calibration(study) or "search" in study.results.provenance
        else what_if(study, folder, about["title"])
    )
    key = drawn.pop(0) if sections and sections[0].key == KEY else None
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["groupby_in_order"] = _groups
    summary = summary_of(study, compared)
    if told := turn_claims(turned):
        summary.append(SummaryPart("Where the sign turns", told))
    tested = verdicts(study, doubted(study, compared))
    page = environment.get_template("report.html").render(
        **about,
        sliders=sliders is not None,
        style=(_TEMPLATES / "report.css").read_text(encoding="utf-8"),
        script=(_TEMPLATES / "report.js").read_text(encoding="utf-8"),
        answers=answered,
        would_change=what_would_change(study, compared, turned) if answered else "",
        key_figure=key,
        summary=summary,
        hypotheses=[each for each in tested if not each.check],
        checks=[each for each in tested if each.check],
        warnings=collapsed(study),
        brackets=brackets_of(study),
        greyed=any(not claim.clear for part in summary for claim in part.claims),
        doubtful=any(claim.doubtful for part in summary for claim in part.claims),
        family=sum(len(c.metrics) for c in compared),
        drawn=drawn,
        level_table=level_table(study, study.centre),
        comparison_tables=[(c.lead(study), comparison_table(study, c.before, c.after)) for c in compared],
    )
    path = folder / "index.html"
    temporary = path.with_suffix(".part")
    temporary.write_text(page, encoding="utf-8")
    temporary.replace(path)
    return path


def sections_of(study: Study, compared: list[Comparison], turned: Sequence[Turn] = ()) -> list[Section]:
    """List the parts of the report that this experiment can have, their charts not yet drawn."""
    if is_calibration(study):  # its points were chosen to find one of them, and are nothing to compare
        return [section for section in (calibration_section(study),) if section is not None]
    made = (
        published_section(study),
        discovery_section(turned),
        asked_section(study),
        search_section(study),
        gains_section(study, compared),
        sensitivity_section(study),
        _with_tables(study, response_section(study)),
        heat_section(study),
        supply_demand_section(study),
        bundling_section(study),
        predicted_section(study),
        service_section(study, _city(study)),
        precision_section(study, compared),
    )
    return [section for section in made if section is not None]


def _with_tables(study: Study, responses: Section | None) -> Section | None:
    """Add to the responses where curves bend, and how well a surface predicts."""
    if responses is None:
        return None
    tables: list[tuple[str, Table]] = []
    if (surface := surface_table(study)) is not None:
        tables.append((_SURFACE, surface))
    if (bends := bending_table(study)) is not None:
        tables.append((_BENDS if bends.rows else _NO_BENDS, bends))
    return replace(responses, tables=tuple(tables))


def _city(study: Study) -> "City | str":
    """Return the city of the base configuration, or say why it cannot be had."""
    from galleria.models.city import CitySettings, build_city  # noqa: PLC0415 (slow to import)
    from galleria.models.errors import UsageError  # noqa: PLC0415 (slow to import)

    try:
        # Only the city's node: results of another version may differ in the rest.
        settings: CitySettings = TypeAdapter(CitySettings).validate_python(study.results.config.get("city"))
        return build_city(settings)
    except ValidationError:
        return "the city of these results does not fit this version of Galleria."
    except (UsageError, OSError) as error:
        return " ".join(str(error).split())


def _groups(charts: Sequence[tuple[int, Picture]]) -> list[tuple[str, list[tuple[int, Picture]]]]:
    """Gather neighbouring pictures under their common heading."""
    return [(heading, list(group)) for heading, group in groupby(charts, key=lambda pair: pair[1].group)]


def facts(study: Study) -> dict[str, Any]:
    """Collect what the page says of the experiment itself."""
    results, provenance = study.results, study.results.provenance
    runs = results.runs
    failed = runs[runs["status"] == "failed"]
    name = str(provenance.get("experiment") or "experiment")
    # A search checks its winner on replications of its own.
    replications = (provenance.get("search") or {}).get("replications") or len(study.cube.replications)
    return {
        "title": _title(name, study),
        "question": provenance.get("question"),
        "factors": study.factors,
        "baseline": study.held(study.centre, but=[]) if study.baseline is not None and study.factors else None,
        "points": len(study.settings),
        "stopping": (provenance.get("stopping") or {}).get("reason"),
        "replications": replications,
        "days": (results.config.get("run") or {}).get("days"),
        "warmup_days": (results.config.get("run") or {}).get("warmup_days"),
        "done": int((runs["status"] == "done").sum()),
        "planned": len(results.plan),
        "failed": len(failed),
        "errors": [
            {
                "point": int(row["point"]),
                "replication": int(row["replication"]),
                "where": study.held(int(row["point"]), but=[]),
                "error": str(row["error"]),
            }
            for row in failed.head(_MOST_ERRORS).to_dict("records")
        ],
        "more_errors": max(len(failed) - _MOST_ERRORS, 0),
        "provenance": _provenance(provenance, runs["seconds"].to_numpy(float), sorted({*runs["seed"].tolist()})),
        "packages": provenance.get("packages") or {},
        "command": provenance.get("command"),
    }


def _design(design: dict[str, Any]) -> str:
    """Write the settings of the design, without its sample."""
    plain = {key: value for key, value in design.items() if isinstance(value, bool | int | float | str)}
    return ", ".join(f"{key}: {value}" for key, value in plain.items())


def _title(name: str, study: Study) -> str:
    if name == _UNNAMED:
        labels = [factor.label for factor in study.factors]
        if not labels:
            return "One design point"
        return " \u00d7 ".join(labels) if len(labels) <= 3 else f"A sweep over {len(labels)} factors"
    words = name.replace("_x_", " \u00d7 ").replace("_", " ")
    return html.unescape(words[:1].upper() + words[1:])


def _provenance(provenance: dict[str, Any], seconds: Any, seeds: list[Any]) -> list[tuple[str, str]]:
    rows = [
        ("Galleria", provenance.get("galleria") or provenance.get("version")),
        ("Model version", provenance.get("model_version")),
        ("Commit", provenance.get("commit")),
        ("Python", provenance.get("python")),
        ("Machine", provenance.get("platform")),
        ("Configuration", provenance.get("config_hash")),
        ("Seeds", ", ".join(str(seed) for seed in seeds[:8]) + (" \u2026" if len(seeds) > 8 else "")),
        ("Design", _design(provenance.get("design") or {})),
        ("Unusual settings", "; ".join(provenance.get("implausible") or [])),
        ("Started", provenance.get("started")),
        ("Wall time", f"{provenance['seconds']:,.1f} s" if provenance.get("seconds") else None),
        ("Time in runs", f"{np.nansum(seconds):,.1f} s" if seconds.size else None),
    ]
    return [(label, str(value)) for label, value in rows if value]
