"""What a manuscript says, block by block, whatever it is written in."""

from collections.abc import Iterator
from dataclasses import dataclass

from galleria.experiments.report.causes import WHY
from galleria.experiments.report.draws import number_of_draws
from galleria.experiments.report.study import Study
from galleria.experiments.report.tables import Table, comparison_table
from galleria.experiments.report.told import Told

_SHOWN = 5
"""Columns of a comparison that a manuscript has room for: up to the t interval."""
_PAIRED = (
    "All points meet the same shoppers with the same tastes in the same replication (common random numbers); "
    "differences are taken within replications and carry Student's t intervals of 95 %."
)
_ALONE = "Means carry Student's t intervals of 95 % over replications."
_CITED = ("mesa", "numpy", "scipy", "pandas", "numba")


@dataclass(frozen=True)
class Heading:
    """A heading of a part, or of a part of a part."""

    text: str
    deep: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; words between two stars each are bold."""

    text: str


@dataclass(frozen=True)
class Items:
    """A list of sentences."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table with its caption."""

    caption: str
    table: Table


@dataclass(frozen=True)
class Drawn:
    """A figure: file name without ending, caption."""

    name: str
    caption: str


@dataclass(frozen=True)
class Code:
    """Text that is set as it stands."""

    text: str


Block = Heading | Paragraph | Items | Grid | Drawn | Code


@dataclass(frozen=True)
class Document:
    """A manuscript."""

    title: str
    question: str
    blocks: tuple[Block, ...]


def document(study: Study, said: Told) -> Document:
    """Set out a report as a manuscript: answer, findings, hypotheses, figures, methods, software."""
    parts = (_answer(said), _findings(study, said), _hypotheses(said), _figures(said), _methods(study, said))
    return Document(
        str(said.facts["title"]), str(said.facts["question"] or ""), tuple(block for part in parts for block in part)
    )


def _answer(said: Told) -> Iterator[Block]:
    yield from (Paragraph(f"**Warning:** {text}") for text in said.warnings)
    if not said.answers:
        return
    yield Heading("Answer")
    for answer in said.answers:
        yield Heading(answer.lead, deep=True)
        yield Paragraph(" ".join(answer.sentences))
    yield Heading("What would change this answer", deep=True)
    yield Paragraph(said.would_change)


def _findings(study: Study, said: Told) -> Iterator[Block]:
    yield Heading("Results")
    paired = bool(said.answers) and not number_of_draws(study)
    if paired:
        for c in said.compared:
            whole = comparison_table(study, c.before, c.after)
            rows = tuple((name, cells[:_SHOWN]) for name, cells in whole.rows if name in c.metrics)
            yield Grid(f"{c.lead(study)}. Differences are paired by replication.", Table(whole.head[:_SHOWN], rows))
        told = [part for part in said.summary if part.lead == WHY]
    else:
        told = said.summary
    for part in told:
        yield Heading(part.lead, deep=True)
        yield Items(tuple(f"{claim.text}{' (†)' if claim.doubtful else ''}" for claim in part.claims))
    yield Paragraph(said.brackets)


def _hypotheses(said: Told) -> Iterator[Block]:
    asked = [each for each in said.tested if not each.check]
    if asked:
        rows = tuple((each.claim, (each.claim, each.verdict + " (†)" * each.doubtful, each.evidence)) for each in asked)
        yield Heading("Hypotheses")
        yield Grid(
            "Hypotheses with a predicted sign; † does not pass Holm's adjustment at 5 %.",
            Table(("Hypothesis", "Verdict", "Paired difference, 95 % interval"), rows, "words"),
        )


def _figures(said: Told) -> Iterator[Block]:
    drawn = [(chart, section.note) for section in said.sections for chart in section.charts]
    if drawn:
        yield Heading("Figures")
    yield from (Drawn(chart.name, f"{chart.caption} {note}".strip()) for chart, note in drawn)


def _methods(study: Study, said: Told) -> Iterator[Block]:
    facts, record = said.facts, study.results.provenance
    packages = facts["packages"]
    version = record.get("galleria") or record.get("version") or "of an unknown version"
    sources = [f"model {record['model_version']}"] if record.get("model_version") else []
    sources += [f"commit {record['commit']}"] if record.get("commit") else []
    sources += [f"Python {record['python']}"] if record.get("python") else []
    sources += [f"{name} {packages[name]}" for name in _CITED if name in packages]
    seeds = sorted({int(seed) for seed in study.results.runs["seed"]})
    days = f" of {facts['days']} operating day{'' if facts['days'] == 1 else 's'}" if facts["days"] else ""
    one = "" if facts["points"] == 1 else "s"
    made = f"We simulated {facts['points']} design point{one} with Galleria {version}"
    made += f" ({', '.join(sources)})" if sources else ""
    made += f", {facts['replications']} replications{days} each: {facts['done']} of {facts['planned']} runs were done."
    text = [made, f"The root seed is {', '.join(map(str, seeds[:8]))}.", _PAIRED if one else _ALONE]
    if draws := number_of_draws(study):
        text.append(f"Each replication has one of {draws} draws of the parameters that are not known.")
    family = sum(len(c.metrics) for c in said.compared)
    if family > 1:
        text.append(f"Holm's adjustment at 5 % is over the {family} comparisons of the summary.")
    if record.get("config_hash"):
        text.append(f"The configuration has the digest {record['config_hash']}.")
    yield Heading("Methods")
    yield Paragraph(" ".join(text))
    if facts["command"]:
        yield Paragraph("The runs are made again by")
        yield Code(str(facts["command"]))
    yield Heading("Citation")
    yield Code(citation(str(version)))


def citation(version: str) -> str:
    """Return the BibTeX entry of the software."""
    return (
        "@software{galleria,\n"
        "  title = {{Galleria}: a laboratory for policy experiments on mall-direct gig delivery},\n"
        "  author = {{Galleria contributors}},\n"
        f"  version = {{{version}}},\n"
        "  license = {MIT}\n"
        "}"
    )
