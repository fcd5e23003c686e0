"""The page of decisions and data, as Markdown: what ODD's "+2D" asks beside the model's description.

Called as ``python -m galleria.experiments.report.decisions_page > docs/decisions.md``.
"""

import inspect
import sys
from collections import Counter
from collections.abc import Iterator
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from galleria.experiments.design.compose import CONF
from galleria.experiments.report.configuration_page import TITLES, Row, rows
from galleria.experiments.report.decisions import DECISIONS, Decision
from galleria.models.city.readers.registry import READERS
from galleria.models.measures import registry

HEAD = """# Decisions and data

Who decides what, when, from what and by which rule; and which data the model has, and where they go. With
[odd.md](odd.md) it makes what the ODD protocol calls +2D (Laatabi, Marilleau, Nguyen-Huu, Hbid and Ait Babram 2018,
*ODD+2D: an ODD based protocol for mapping data to empirical ABMs*, JASSS 21(2) 9). Written by
`python -m galleria.experiments.report.decisions_page`; a test keeps it so. The rule in words is the first line of the
function named below it; keys, defaults and ranges are those of `conf/`. What is seen, and when, is told by hand
(`experiments/report/decisions.py`). [configuration.md](configuration.md) has every key with its source.
"""


def page(conf: Path = CONF) -> str:
    """Write the page."""
    told = {row.key.strip("`"): row for group in TITLES for row in rows(conf, group)}
    lines = [HEAD]
    for actor, decisions in DECISIONS.items():
        lines += [
            f"## {actor}",
            "",
            "| decides | when | sees | rule | keys (default; range) |",
            "|---|---|---|---|---|",
        ]
        lines += [_line(each, told) for each in decisions]
        lines.append("")
    return "\n".join([*lines, *_parameters(conf), *_moments(conf), *_formats()]) + "\n"


def _line(decision: Decision, told: dict[str, Row]) -> str:
    rules = "; ".join(f"{first_line(each)} `{each.replace(':', '.')}`" for each in decision.rules)
    keys = ", ".join(key for name in decision.keys for key in _keys(name, told)) or "-"
    return f"| {decision.what} | {decision.when} | {decision.sees} | {rules} | {keys} |"


def function_of(rule: str) -> Any:
    """Find the function that a row of the page names."""
    module, _, name = rule.partition(":")
    return reduce(getattr, name.split("."), import_module(f"galleria.{module}"))


def first_line(rule: str) -> str:
    """Return what a function says that it does."""
    said = inspect.getdoc(function_of(rule)) or ""
    return said.partition("\n")[0].replace("|", "\\|").replace("_", "\\_").replace("*", "\\*")


def _keys(name: str, told: dict[str, Row]) -> Iterator[str]:
    """Yield a key, or the keys of a node, with default and range as far as conf/ tells them."""
    found = {key: row for key, row in told.items() if key == name or key.startswith(f"{name}.")}
    if not found:
        raise KeyError(name)
    for key, row in found.items():
        beside = "; ".join(text.strip("`") for text in (row.default, row.span) if text)
        if beside:
            yield f"{row.key} ({beside})".replace("|", "\\|")
        elif not any(other.startswith(f"{key}.") for other in told):
            yield row.key


def _parameters(conf: Path) -> list[str]:
    """Count what the numbers of each group rest on."""
    lines = [
        "## Data behind the parameters",
        "",
        "What `conf/` says beside each key: a stated range; a choice of ours without an empirical claim (`design`, see",
        "[design_defaults.md](design_defaults.md)); or a source, an arithmetic or a meaning in words.",
        "",
        "| group | keys | with a range | choices of ours | with words |",
        "|---|---:|---:|---:|---:|",
    ]
    for group, title in TITLES.items():
        counts = Counter(kind for row in rows(conf, group) for kind in _kinds(row))
        cells = (counts[kind] for kind in ("key", "range", "design", "said"))
        lines.append(f"| {title} | " + " | ".join(str(cell) for cell in cells) + " |")
    return [*lines, ""]


def _kinds(row: Row) -> Iterator[str]:
    yield "key"
    if row.span:
        yield "range"
    if "design" in row.said:
        yield "design"
    elif row.said:
        yield "said"


def _moments(conf: Path) -> list[str]:
    """List what parameters are fitted to."""
    unit = {each.name: each.unit for each in registry()}
    lines = [
        "## Data that parameters are fitted to",
        "",
        "Moments of `conf/moments`; what comes of them stands in [credibility.md](credibility.md).",
        "",
        "| fit | measure | value | standard error | unit | source | parameters |",
        "|---|---|---:|---:|---|---|---|",
    ]
    for path in sorted((conf / "moments").glob("*.yaml")):
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
        fitted = ", ".join(f"`{key}`" for key in read["parameters"])
        for name, moment in read["moments"].items():
            value, error, source = moment["value"], moment["se"], str(moment["source"]).replace("|", "\\|")
            lines.append(
                f"| `{path.stem}` | `{name}` | {value} | {error} | {unit.get(name, '')} | {source} | {fitted} |"
            )
            fitted = ""
    return [*lines, ""]


def _formats() -> list[str]:
    """List the files that make a city."""
    lines = [
        "## Data that make a city",
        "",
        "Roads in one of these formats, and people, malls and other sites as [cities.md](cities.md) says; hours,",
        "speeds and shares come from `conf/`. Data map to places (nodes with households), sites, and tables of time",
        "and length between all places.",
        "",
        "| format | files that end in | read as |",
        "|---|---|---|",
    ]
    for each in READERS.values():
        ends = ", ".join(f"`{end}`" for end in each.endings)
        said = (inspect.getdoc(each.read) or "").partition("\n")[0]
        lines.append(f"| `{each.name}` | {ends} | {said} |")
    return lines


def main() -> None:
    """Print the page."""
    sys.stdout.write(page())


if __name__ == "__main__":
    main()
