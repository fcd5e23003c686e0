"""What a command line asks for: choices of config groups, assignments of values, and sweeps of either."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Glob, IntervalSweep, Override, OverrideType, QuotedString, RangeSweep
from hydra.errors import HydraException
from pydantic import ValidationError

from galleria.experiments.design.compose import SEARCH_PATH, Composer
from galleria.experiments.design.designs import MOST_POINTS
from galleria.experiments.design.factors import FactorSettings, Value
from galleria.experiments.design.trees import JsonTree, has_key, with_value, without_key
from galleria.models.errors import UsageError
from galleria.models.settings.errors import problems_of


@dataclass(frozen=True)
class Assignment:
    """One value override, such as drivers.pool=100.

    Attributes
    ----------
    key, value
        What is set.
    kind
        Whether it changes, adds or removes a key.
    text
        As it was written.
    """

    key: str
    value: Any
    kind: OverrideType
    text: str

    def applies(self, tree: JsonTree) -> bool:
        """Say whether a tree has the key, or gets it."""
        return self.kind in {OverrideType.ADD, OverrideType.FORCE_ADD} or has_key(tree, self.key)

    def apply(self, tree: JsonTree) -> JsonTree:
        """Return the tree with this override."""
        if self.kind is OverrideType.DEL:
            return without_key(tree, self.key)
        return with_value(tree, self.key, self.value)


@dataclass(frozen=True)
class Choice:
    """A choice of a config group, or an override of Hydra's own settings.

    Attributes
    ----------
    text
        As Hydra composes it.
    held
        Config group and choice, where the command line holds a group at one choice.
    """

    text: str
    held: tuple[str, str] | None = None


@dataclass(frozen=True)
class Sweep:
    """An override that names several values.

    Attributes
    ----------
    key
        Of a setting, or a config group.
    factor
        Its values, as a factor of a design.
    text
        As it was written.
    """

    key: str
    factor: FactorSettings
    text: str


@dataclass(frozen=True)
class Request:
    """A parsed command line.

    Attributes
    ----------
    chosen
        Overrides that Hydra composes.
    assignments
        Value overrides, set on the composed tree.
    swept
        Overrides that name several values.
    problems
        What is wrong with single overrides, found while parsing.
    """

    chosen: tuple[Choice, ...]
    assignments: tuple[Assignment, ...]
    swept: tuple[Sweep, ...]
    problems: tuple[str, ...]

    @property
    def choices(self) -> tuple[str, ...]:
        """Overrides as Hydra composes them."""
        return tuple(choice.text for choice in self.chosen)

    @property
    def sweeps(self) -> dict[str, FactorSettings]:
        """Factors that the command line names, by key or config group."""
        return {sweep.key: sweep.factor for sweep in self.swept}

    def apply(self, tree: JsonTree) -> JsonTree:
        """Return a tree with all assignments whose keys it has.

        A value given for a policy holds wherever that policy is chosen; where another is, there is nothing to set.
        """
        for assignment in self.assignments:
            if assignment.applies(tree):
                tree = assignment.apply(tree)
        return tree

    def absent(self, tree: JsonTree) -> list[str]:
        """Return the keys of assignments that a tree does not have."""
        return [assignment.key for assignment in self.assignments if not assignment.applies(tree)]

    def with_assignment(self, key: str, value: Any) -> "Request":
        """Return the request with one more assignment."""
        added = Assignment(key, value, OverrideType.CHANGE, f"{key}={value}")
        return replace(self, assignments=(*self.assignments, added))

    def fixed(self) -> dict[str, Any]:
        """Return what the command line holds at one value, by key or config group."""
        values = {a.key: a.value for a in self.assignments if a.kind is OverrideType.CHANGE}
        return dict(choice.held for choice in self.chosen if choice.held is not None) | values

    def choice_of(self, group: str) -> str | None:
        """Return the choice of a config group made on the command line."""
        found = [choice.partition("=")[2] for choice in self.choices if choice.partition("=")[0] == group]
        return found[-1] if found else None


def parse(overrides: Sequence[str], composer: Composer) -> Request:
    """Parse overrides by Hydra's grammar and sort them."""
    # With further places to search, only Hydra knows which choices there are; it tells one wrong choice at a time.
    knows_all = not any(text.lstrip("+").startswith(f"{SEARCH_PATH}=") for text in overrides)
    parser = OverridesParser.create()
    parts: list[Choice | Assignment | Sweep] = []
    problems: list[str] = []
    for text in overrides:
        try:
            parts.append(_sorted(parser.parse_override(text), text, composer, knows_all=knows_all))
        except HydraException as error:
            problems.append(f"{text}: {_grammar(text, error)}")
        except UsageError as error:
            problems += error.problems
    return Request(
        chosen=tuple(part for part in parts if isinstance(part, Choice)),
        assignments=tuple(part for part in parts if isinstance(part, Assignment)),
        swept=tuple(part for part in parts if isinstance(part, Sweep)),
        problems=tuple(problems),
    )


def _sorted(override: Override, text: str, composer: Composer, *, knows_all: bool) -> Choice | Assignment | Sweep:
    """Say what an override is."""
    key = override.key_or_group
    is_group = composer.is_group(key)
    if key in _ELSEWHERE and override.value() is not False:
        raise UsageError(f"{key}: {_ELSEWHERE[key]}")
    if key == "hydra/sweeper" and override.value() not in SWEEPERS:
        raise UsageError(f"{text}: {_PLANNED}")
    if override.is_sweep_override():
        factor = _factor(override, composer)
        if is_group and knows_all:
            _check_choices(key, factor.values or (), composer)
        return Sweep(override.get_key_element().lstrip("+"), factor, text)
    if is_group:
        if override.type is OverrideType.DEL:
            return Choice(text)
        names = names_of(override.value())
        if knows_all:
            _check_choices(key, names, composer)
        asks_elsewhere = text.startswith("+") or key.startswith("hydra/")
        held = None if asks_elsewhere else (override.get_key_element(), "+".join(names))
        return Choice(text if len(names) == 1 else f"{text.partition('=')[0]}=[{','.join(names)}]", held)
    if override.is_hydra_override():
        return Choice(text)
    value = None if override.type is OverrideType.DEL else override.value()
    return Assignment(key.replace("/", "."), value, override.type or OverrideType.CHANGE, text)


_ELSEWHERE = {
    "hydra.run.dir": "results stand in run.output; give run.output=FOLDER instead",
    "hydra.sweep.dir": "results stand in run.output; give run.output=FOLDER instead",
    "hydra.job.chdir": "paths in settings are read from the folder you call from, so runs stay there; leave it out",
}
"""Settings of Hydra that would move what belongs to the results folder."""

SWEEPERS = ("galleria", "basic")
"""Sweepers that work through a plan."""

_PLANNED = (
    f"a sweep is planned before it runs, so hydra/sweeper is {' or '.join(SWEEPERS)}; design=optimise searches, and "
    "so does a Hydra program of your own with another sweeper (docs/experiments.md)"
)


def names_of(choice: object) -> list[str]:
    """Return the names in a choice of a config group: several stand in a list, or are joined by "+"."""
    if isinstance(choice, str):
        return choice.split("+")
    return [str(name) for name in choice] if isinstance(choice, list) else ["null" if choice is None else str(choice)]


def chosen(key: str, value: Value) -> str:
    """Write the choice of a config group as Hydra takes it; "a+b" are several at once."""
    names = names_of(value)
    return f"{key}=[{','.join(names)}]" if len(names) > 1 else f"{key}={names[0]}"


def _check_choices(group: str, choices: Sequence[object], composer: Composer) -> None:
    """Raise UsageError with each choice of a group that there is not."""
    options = composer.options(group)
    wrong = [name for choice in choices for name in names_of(choice) if name not in {*options, "null"}]
    if wrong:
        raise UsageError(_no_such_choice(group, name, options) for name in wrong)


def _no_such_choice(group: str, name: str, options: Sequence[str]) -> str:
    near = get_close_matches(name, options, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(options))}"
    return f"{group}={name}: there is no such choice; {hint}"


def _factor(override: Override, composer: Composer) -> FactorSettings:
    """Turn a sweep of Hydra's grammar (a,b,c; range(); interval(); glob()) into a factor."""
    value: Any = override.value()
    if isinstance(value, IntervalSweep) and value.start is not None and value.end is not None:
        return _factor_of(override, low=value.start, high=value.end)
    if isinstance(value, Glob):
        found = value.filter(sorted(composer.options(override.key_or_group)))
        if not found:
            raise UsageError(f"{override.input_line}: no choice of {override.key_or_group} has such a name")
        return _factor_of(override, values=tuple(found))
    values = tuple(each.text if isinstance(each, QuotedString) else each for each in _listed(override))
    if any(isinstance(each, Mapping | list) for each in values):
        raise UsageError(f"{override.input_line}: lists and mappings cannot be swept; sweep a config group instead")
    return _factor_of(override, values=values)


def _factor_of(override: Override, **given: Any) -> FactorSettings:
    try:
        return FactorSettings(**given)
    except ValidationError as error:
        raise UsageError(problems_of(error, FactorSettings, override.key_or_group)) from error


def _listed(override: Override) -> list[Any]:
    """List the values of a sweep, no more than a design can have; a range may have no end."""
    value: Any = override.value()
    if isinstance(value, RangeSweep) and not value.step:
        raise UsageError(f"{override.input_line}: the step of a range must not be 0")
    try:
        values = list(islice(override.sweep_iterator(), MOST_POINTS + 1))
    except (ValueError, ArithmeticError) as error:  # nan in a range
        raise UsageError(f"{override.input_line}: this is no range of numbers ({error})") from error
    if len(values) > MOST_POINTS:
        raise UsageError(f"{override.input_line}: at most {MOST_POINTS:,} values can be planned")
    return values


def _grammar(text: str, error: Exception) -> str:
    if "=" not in text and not text.startswith("~"):
        return "an override is written key=value"
    detail = str(error).splitlines()[0] if str(error) else type(error).__name__
    key, _, value = text.partition("=")
    bare = value and not any(mark in value for mark in "'\"")
    hint = f"; a value with brackets or other marks of the grammar stands in quotes of its own: {key}=\"'{value}'\""
    return f"this is not a valid override ({detail}){hint * bool(bare)}"
