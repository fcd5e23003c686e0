"""Defaults that conf/ calls "design": choices of ours without an empirical claim, and an experiment that varies them.

Called as ``python -m galleria.experiments.design.design_defaults FOLDER``: writes
FOLDER/experiment/design_defaults.yaml, whose elementary effects
`galleria.experiments.report.design_defaults_page` sets beside each default.
"""

import argparse
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from galleria.experiments.design.compose import CONF, Source, composer
from galleria.experiments.design.draws import without_draws
from galleria.experiments.design.interpolation import resolved
from galleria.experiments.design.points import without_questions
from galleria.experiments.design.stated_ranges import WIDEST, statements
from galleria.experiments.design.trees import JsonTree, with_value
from galleria.models.errors import UsageError

NAME = "design_defaults"

_MARK = re.compile(r"(?:[;\[]|\bis)\s*design\b")
_NUMBER = re.compile(r"\d+(\.\d+)?(e-?\d+)?")

IN_TOWN: Mapping[str, str] = {
    "customers/base.yaml": "customers",
    "retailers/base.yaml": "retailers",
    "drivers/base.yaml": "drivers",
    "dispatch/lap.yaml": "dispatch",
    "market/base.yaml": "",
    **{f"courier/{name}.yaml": f"couriers.{name}" for name in ("mall_direct", "warehouse", "rival_a", "rival_b")},
}
"""Files of the default town whose values are varied -> their node. The city itself is what a study chooses."""


@dataclass(frozen=True)
class Default:
    """A default that is a choice of ours.

    Attributes
    ----------
    file
        Within conf/.
    key
        Its configuration key in the default town; for other files the keys within the file.
    value
        As written; None for a key that holds others.
    low, high
        The range over which its influence is measured; None where it is not varied.
    why_not
        Why it is not varied; empty where it is.
    stated
        Whether the range is conf's own.
    """

    file: str
    key: str
    value: str | None
    low: float | None = None
    high: float | None = None
    why_not: str = ""
    stated: bool = False


def design_defaults(conf: Path = CONF) -> list[Default]:
    """List every default whose comment says "design"."""
    paths = sorted(path for path in conf.rglob("*.yaml") if path.relative_to(conf).parts[0] != "local")
    return [
        _default(path.relative_to(conf).as_posix(), each.names, each.value, each.ends)
        for path in paths
        for each in statements(path)
        if _MARK.search(each.said)
    ]


def _default(file: str, names: tuple[str, ...], value: str | None, ends: tuple[float, float] | None) -> Default:
    node = IN_TOWN.get(file)
    key = ".".join([node, *names] if node else names)
    if node is None:
        return Default(file, key, value, why_not="the city itself" if file.startswith("city/") else "not in this town")
    if value is None or not _NUMBER.fullmatch(value):
        return Default(file, key, value, why_not="switched off by null" if value == "null" else "not one number")
    number, stated = float(value), ends is not None
    if ends is not None and ("." not in value or 0 < WIDEST * ends[0] < ends[1]):
        ends = (max(number / 2, ends[0]), min(1.5 * number, ends[1]))
        stated = False
    low, high = ends or (number / 2, 1.5 * number)
    if not low < high:
        return Default(file, key, value, why_not="0, and no range stated")
    return Default(file, key, value, low, high, stated=stated)


def possible(defaults: list[Default], tree: JsonTree) -> Iterator[Default]:
    """Yield the defaults, those not varied that the model does not accept at both ends of their range."""
    for each in defaults:
        if (
            each.low is None
            or each.high is None
            or all(_accepts(tree, each.key, end, each.value) for end in (each.low, each.high))
        ):
            yield each
        else:
            yield Default(each.file, each.key, each.value, why_not="only possible with others of its kind")


def _accepts(tree: JsonTree, key: str, end: float, value: str | None) -> bool:
    from galleria.models.settings.validation import validate  # noqa: PLC0415 (slow to import)

    whole = value is not None and re.fullmatch(r"\d+", value)
    try:
        validate(with_value(tree, key, round(end) if whole else end))
    except UsageError:
        return False
    return True


def experiment(defaults: list[Default]) -> str:
    """Write the experiment that measures their influence, as YAML."""
    factors = [
        f"    {each.key}: {{low: {each.low:g}, high: {each.high:g}}}" for each in defaults if each.low is not None
    ]
    return "\n".join(
        [
            "# @package _global_",
            "# Elementary effects of defaults that are choices of ours; written by experiments.design.design_defaults.",
            "defaults:",
            "  - override /design: morris",
            "",
            "experiment:",
            f"  name: {NAME}",
            "  question: How much do defaults that are choices of ours move the headline measures of the default town?",
            "",
            "design:",
            "  trajectories: 4",
            "  factors:",
            *factors,
            "",
        ]
    )


def of_the_default_town() -> list[Default]:
    """List the defaults with what is possible in the default town."""
    with composer(Source(CONF)) as opened:
        tree, _ = without_draws(without_questions(resolved(opened.compose(()))))
    return list(possible(design_defaults(), tree))


def main() -> None:
    """Read the command line and write the experiment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="to be given to galleria sweep as --config-dir")
    path = parser.parse_args().folder / "experiment" / f"{NAME}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(experiment(of_the_default_town()), encoding="utf-8")


if __name__ == "__main__":
    main()
