"""The reference of the configuration, as Markdown: every key with its default, unit, range, source, and who reads it.

Called as ``python -m galleria.experiments.report.configuration_page > docs/configuration.md``. What conf/ says of a
key is read by the same parser as the page of defaults that are choices of ours
(`galleria.experiments.design.stated_ranges`).
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel

from galleria.agents.regulator.policy import POLICIES, kind_of
from galleria.experiments.design.compose import CONF
from galleria.experiments.design.designs import DesignSettings
from galleria.experiments.design.draws import UncertaintySettings
from galleria.experiments.design.questions import ExperimentSettings
from galleria.experiments.design.stated_ranges import Stated, names_above, statements
from galleria.models.settings.tree import Settings

TITLES: Mapping[str, str] = {
    "city": "City",
    "customers": "Customers",
    "retailers": "Retailers",
    "drivers": "Drivers",
    "vehicle": "Vehicles",
    "courier": "Couriers",
    "market": "Markets",
    "strategy": "Strategy",
    "dispatch": "Dispatch",
    "meals": "Meals",
    "traffic": "Traffic",
    "policy": "Policies",
    "run": "Runs",
    "config.yaml": "Experiments",
    "design": "Designs",
    "uncertainty": "Uncertainty",
}
"""Parts of the page: folders of conf/ whose files say something of single keys."""

FIRST = ("base", "hourly", "fixed", "lap", "mall_direct", "people_and_sites", "factorial", "commission_cap")
"""Files that are read before others of their folder: of keys that several files have, the first one stands."""

OF_KEYS: Mapping[str, str] = {
    "usd_per_km": "$/km",
    "usd_per_h": "$/h",
    "usd_per_mile": "$/mile",
    "usd_per_min": "$/min",
    "per_usd": "1/$",
    "per_km": "1/km",
    "usd": "$",
    "km2": "km2",
    "kph": "km/h",
    "km": "km",
    "min": "min",
    "hours": "h",
    "h": "h",
    "s": "s",
    "days": "days",
    "weeks": "weeks",
    "share": "share",
}
"""Ends of names -> unit; the longer ones first."""

_UNIT = re.compile(
    r"^(-(?=[, ])|(%|1/\$|\$(/\w+)?|[a-z]+/[a-z]+\d?|min|km2?|h|s|kg|days?|weeks|drivers|households|orders|stores)"
    r"(?!\w))"
)
_CHOICES = re.compile(r"[\w.]+(?: \| [\w.]+)+")
_BOUNDS = re.compile(r"(?<![\w.])-?[\d.]+\s*\.\.\s*[\w^ .-]+|(?<![\w.])-?\d[\d .]* to -?\d[\d .]*|>= ?[\d.]+")


class Row(NamedTuple):
    """A key and all that is told of it."""

    key: str
    default: str
    unit: str
    span: str
    said: str
    reader: str


def page(conf: Path = CONF) -> str:
    """Write the page."""
    lines = [
        "# Configuration, key by key",
        "",
        "Written by `python -m galleria.experiments.report.configuration_page`; a test keeps it so. Keys are given as",
        "overrides on a command line or in YAML. `NAME` stands for the name of a courier or vehicle. Where several",
        "files of a group have a key, the row shows the first; `galleria run market=full --cfg job` shows what a",
        "choice comes to.",
        "Ranges are those that `conf/` states: of what is believed, or of what is possible. A dash says that a number",
        "has no unit. The class that reads a key checks it, and holds its possible range.",
    ]
    for group, title in TITLES.items():
        lines += [
            "",
            f"## {title}",
            "",
            "| key | default | unit | range | what `conf/` says | read by |",
            "|---|---|---|---|---|---|",
        ]
        lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows(conf, group)]
    return "\n".join(lines) + "\n"


def rows(conf: Path, group: str) -> Iterator[Row]:
    """Yield the rows of a group, each key once."""
    seen: set[str] = set()
    for path in _files(conf, group):
        prefix = names_above(path, conf)
        for each in statements(path):
            names = (*prefix, *each.names)
            key = ".".join(names)
            if each.names[0] == "defaults" or names[0] == "hydra" or key in seen or not (each.said or each.value):
                continue
            seen.add(key)
            if each.value is None and not each.said:
                continue
            yield Row(f"`{key}`", _default(each), _unit(each), _span(each), each.said, _reader(path, each, names))


def _files(conf: Path, group: str) -> list[Path]:
    if group.endswith(".yaml"):
        return [conf / group]
    found = (conf / group).rglob("*.yaml")
    return sorted(found, key=lambda path: (path.stem not in FIRST, path.relative_to(conf).as_posix()))


def _default(each: Stated) -> str:
    value = each.value
    return "" if value is None or value.startswith(("[", "{", "$")) else f"`{value}`"


def _unit(each: Stated) -> str:
    found = _UNIT.match(each.said)
    if found is not None:
        return "-" if found[0] == "-" else found[0]
    name = each.names[-1]
    return next((unit for end, unit in OF_KEYS.items() if name == end or name.endswith(f"_{end}")), "")


def _span(each: Stated) -> str:
    head = each.said.partition(";")[0]
    if choices := _CHOICES.search(each.said):
        return choices[0]
    if each.ends is not None:
        return f"{each.ends[0]:g} to {each.ends[1]:g}"
    bounds = _BOUNDS.search(head)
    return bounds[0].strip() if bounds else ""


def _reader(path: Path, each: Stated, names: tuple[str, ...]) -> str:
    """Return the class whose attribute a key is."""
    top: dict[str, Any] = {name: field.annotation for name, field in Settings.model_fields.items()}
    top |= {"design": DesignSettings, "experiment": ExperimentSettings, "uncertainty": UncertaintySettings}
    if names[0] == "policy":
        values = {"kind": _kind_of(path, each.names[0])}
        top["policy"] = {each.names[0]: POLICIES[kind_of(each.names[0], values)].Settings}
    found, annotation = "", top.get(names[0])
    for name in names[1:]:
        models = [*_models(annotation)]
        owner = next((model for model in models if name in model.model_fields), None)
        if isinstance(annotation, dict):
            annotation = annotation.get(name)
        elif owner is not None:
            found, annotation = (
                f"`{owner.__module__.removeprefix('galleria.')}.{owner.__name__}`",
                owner.model_fields[name].annotation,
            )
    return found


def _kind_of(path: Path, name: str) -> str:
    kinds = {each.names: each.value for each in statements(path)}
    return kinds.get((name, "kind")) or name


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the classes of settings within an annotation."""
    if hasattr(annotation, "__value__"):
        yield from _models(annotation.__value__)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is Annotated:
        yield from _models(get_args(annotation)[0])
    else:
        for part in get_args(annotation):
            yield from _models(part)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*") if not text.startswith("`") else text


def main() -> None:
    """Print the page."""
    sys.stdout.write(page())


if __name__ == "__main__":
    main()
