"""What a command line asks for: choices of config groups, assignments of values, and sweeps of either."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, OverrideType, ValueType
from hydra.errors import HydraException

from experiments.design.compose import Composer, JsonTree, has_key, key_paths, with_value, without_key
from experiments.design.designs import FactorSettings
from experiments.errors import UsageError
from models.settings.errors import unknown_key


@dataclass(frozen=True)
class Assignment:
    """One value override, such as drivers.pool=100."""

    key: str
    value: Any
    kind: OverrideType

    def problem(self, tree: JsonTree) -> str | None:
        """Say what is wrong with the key, if anything is."""
        adds = self.kind in {OverrideType.ADD, OverrideType.FORCE_ADD}
        return None if adds or has_key(tree, self.key) else unknown_key(self.key, list(key_paths(tree)))

    def apply(self, tree: JsonTree) -> JsonTree:
        """Give the tree with this override."""
        if self.kind is OverrideType.DEL:
            return without_key(tree, self.key)
        return with_value(tree, self.key, self.value)


@dataclass(frozen=True)
class Request:
    """A parsed command line.

    Attributes
    ----------
    choices
        Overrides that Hydra composes: of config groups and of Hydra itself, as they were written.
    assignments
        Value overrides, set on the composed tree.
    sweeps
        Overrides that name several values, as factors of a design.
    problems
        What is wrong with single overrides, found while parsing.
    """

    choices: tuple[str, ...]
    assignments: tuple[Assignment, ...]
    sweeps: dict[str, FactorSettings]
    problems: tuple[str, ...]

    def apply(self, tree: JsonTree) -> tuple[JsonTree, list[str]]:
        """Set all assignments on a tree; give it and the problems found."""
        problems = []
        for assignment in self.assignments:
            problem = assignment.problem(tree)
            if problem is None:
                tree = assignment.apply(tree)
            else:
                problems.append(problem)
        return tree, problems

    def with_assignment(self, key: str, value: Any) -> "Request":
        """Give the request with one more assignment."""
        return replace(self, assignments=(*self.assignments, Assignment(key, value, OverrideType.CHANGE)))

    def fixed(self) -> dict[str, Any]:
        """Give what the command line holds at one value, by key or config group."""
        groups = (choice.partition("=") for choice in self.choices if not choice.startswith(("+", "~", "hydra")))
        values = {a.key: a.value for a in self.assignments if a.kind is OverrideType.CHANGE}
        return {group: choice for group, _, choice in groups} | values

    def chosen(self, group: str) -> str | None:
        """Give the choice of a config group made on the command line."""
        found = [choice.partition("=")[2] for choice in self.choices if choice.partition("=")[0] == group]
        return found[-1] if found else None


def parse(overrides: Sequence[str], composer: Composer) -> Request:
    """Parse overrides by Hydra's grammar and sort them."""
    # With further places to search, only Hydra knows which choices there are; it tells one wrong choice at a time.
    knows_all = not any(text.lstrip("+").startswith("hydra.searchpath=") for text in overrides)
    parser = OverridesParser.create(config_loader=composer.loader)
    choices: list[str] = []
    assignments: list[Assignment] = []
    sweeps: dict[str, FactorSettings] = {}
    problems: list[str] = []
    for text in overrides:
        try:
            override = parser.parse_override(text)
            is_group = composer.is_group(override.key_or_group)
            if override.is_sweep_override():
                factor = _factor(override)
                found = _choice_problems(override.key_or_group, factor, composer) if is_group and knows_all else []
                problems += found
                if not found:
                    sweeps[override.get_key_element().lstrip("+")] = factor
            elif is_group:
                unchecked = override.type is OverrideType.DEL or not knows_all
                problem = None if unchecked else _choice_problem(override.key_or_group, override.value(), composer)
                if problem is None:
                    choices.append(text)
                else:
                    problems.append(problem)
            elif override.key_or_group.startswith("hydra."):
                choices.append(text)
            else:
                value = None if override.type is OverrideType.DEL else override.value()
                assignments.append(Assignment(override.key_or_group.replace("/", "."), value, _kind(override)))
        except HydraException as error:
            problems.append(f"{text}: {_grammar(text, error)}")
        except UsageError as error:
            problems += error.problems
    return Request(tuple(choices), tuple(assignments), sweeps, tuple(problems))


def _kind(override: Override) -> OverrideType:
    return override.type if override.type is not None else OverrideType.CHANGE


def _choice_problem(group: str, choice: object, composer: Composer) -> str | None:
    options = composer.options(group)
    names = choice if isinstance(choice, list) else str(choice).split("+") if isinstance(choice, str) else [choice]
    wrong = [str(name) for name in names if name is not None and str(name) not in options]
    if not wrong:
        return None
    near = get_close_matches(wrong[0], options, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(options))}"
    return f"{group}={wrong[0]}: there is no such choice; {hint}"


def _choice_problems(group: str, factor: FactorSettings, composer: Composer) -> list[str]:
    problems = [_choice_problem(group, choice, composer) for choice in factor.values or ()]
    return [problem for problem in problems if problem is not None]


def _factor(override: Override) -> FactorSettings:
    """Turn a sweep of Hydra's grammar (a,b,c; range(); interval(); glob()) into a factor."""
    if override.value_type is ValueType.INTERVAL_SWEEP:
        interval: Any = override._value  # noqa: SLF001 (Hydra has no public reader of an interval)
        return FactorSettings(low=interval.start, high=interval.end)
    values = tuple(Override._convert_value(value) for value in override.sweep_iterator())  # noqa: SLF001
    if any(isinstance(value, dict | list) for value in values):
        raise UsageError(f"{override.input_line}: lists and mappings cannot be swept; sweep a config group instead")
    return FactorSettings(values=values)


def _grammar(text: str, error: Exception) -> str:
    if "=" not in text and not text.startswith("~"):
        return "an override is written key=value"
    detail = str(error).splitlines()[0] if str(error) else type(error).__name__
    return f"this is not a valid override ({detail})"
