"""The settings that the page offers: the configuration's own keys, with the units and ranges that conf/ states."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from galleria.experiments.design.compose import CONF, Source, composer
from galleria.experiments.design.stated_ranges import Stated, statements
from galleria.experiments.design.trees import has_key, value_at
from galleria.experiments.report.words import channel_label, upper_first
from galleria.models.errors import UsageError

_NUMBERS = {
    "Drivers": (
        ("drivers.pool", "Drivers in the pool"),
        ("drivers.reservation.median_usd_per_h", "Median reservation wage"),
        ("drivers.multi_homing_share", "Share who work for all couriers"),
    ),
    "Stores": (("retailers.opt_in.share", "Share of mall stores on mall-direct"),),
    "Dispatch": (
        ("dispatch.interval_s", "Time between dispatches"),
        ("dispatch.max_pickup_min", "Longest way to a store"),
    ),
}
_OF_COURIER = (("fee_usd", "delivery fee"), ("pay.base_usd", "pay by the offer"), ("commission", "commission"))
_NOT_OFFERED = ("from_day", "to_day", "phase_in_days", "zones")
"""Keys of a policy that say when and where, not how much."""
DAY = "replication"
"""The page's own key: which day of shoppers and drivers; the same for both runs."""


@dataclass(frozen=True)
class Number:
    """A number that can be set.

    Attributes
    ----------
    key, label
        Of the configuration; for readers.
    value
        As it is.
    low, high
        The range that conf/ states.
    said
        What conf/ says of it: unit, range.
    whole
        Whether it counts something.
    """

    key: str
    label: str
    value: float
    low: float
    high: float
    said: str
    whole: bool


@dataclass(frozen=True)
class Policy:
    """A policy that can be switched on, and its numbers."""

    name: str
    said: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class Controls:
    """All that the page can change.

    Attributes
    ----------
    groups
        Numbers by heading.
    dispatch
        Choices of dispatch.
    policies
        Each can be switched on, alone or with others.
    chosen
        The present choice of the groups dispatch and policy, as overrides name it.
    """

    groups: Mapping[str, tuple[Number, ...]]
    dispatch: tuple[str, ...]
    policies: tuple[Policy, ...]
    chosen: Mapping[str, str]

    def as_data(self) -> dict[str, Any]:
        """Return what the page builds its form from."""
        return asdict(self)

    def overrides(self, changes: Mapping[str, Any]) -> list[str]:
        """Return the overrides that changes on the page stand for, in an order of their own.

        Raises
        ------
        UsageError
            A key that the page does not offer, or a value that is none of its kind.
        """
        if not isinstance(changes, Mapping):
            raise UsageError("changes are keys with values")
        numbers = {each.key: each for group in self.groups.values() for each in group}
        numbers |= {each.key: each for policy in self.policies for each in policy.numbers}
        choices = {"dispatch": set(self.dispatch), "policy": {"none", *(each.name for each in self.policies)}}
        found = {}
        for key, value in changes.items():
            if key in choices and isinstance(value, str) and set(value.split("+")) <= choices[key]:
                found[key] = value
            elif key in numbers and isinstance(value, int | float) and not isinstance(value, bool):
                found[key] = str(int(value) if numbers[key].whole else float(value))
            elif key != DAY:
                raise UsageError(f"{key} = {value!r} cannot be set on this page")
        return [f"{key}={found[key]}" for key in sorted(found, key=lambda key: (key not in choices, key))]


def controls_of(tree: Mapping[str, Any], overrides: tuple[str, ...], config_dir: Path | None) -> Controls:
    """Return what the page offers of a configuration.

    Parameters
    ----------
    tree
        The resolved configuration.
    overrides, config_dir
        By which it was composed.
    """
    said = {
        name: {each.names: each for each in statements(CONF / name / "base.yaml")} for name in ("drivers", "retailers")
    }
    said["dispatch"] = {each.names: each for each in statements(CONF / "dispatch" / "lap.yaml")}
    groups = {
        heading: tuple(
            number
            for key, label in keys
            if (number := _number(tree, key, label, said[key.split(".")[0]].get(tuple(key.split(".")[1:])))) is not None
        )
        for heading, keys in _NUMBERS.items()
    }
    for name, courier in tree["couriers"].items():
        if courier["fulfilment"] == "gig":
            groups[channel_label(name)] = tuple(_of_courier(tree, name))
    with composer(Source(CONF, extra=config_dir)) as composing:
        dispatch, policies = composing.options("dispatch"), composing.options("policy")
    given = dict(text.split("=", 1) for text in overrides if text.startswith(("dispatch=", "policy=")))
    return Controls(
        {heading: numbers for heading, numbers in groups.items() if numbers},
        tuple(dispatch),
        tuple(_policy(name, config_dir) for name in policies if name != "none"),
        {"dispatch": given.get("dispatch", "mall_bundled"), "policy": given.get("policy", "none")},
    )


def _of_courier(tree: Mapping[str, Any], name: str) -> Iterator[Number]:
    """Return a courier's numbers; what its own file leaves to what was observed, or does not say, others' files say."""
    files = [path for stem in (name, "rival_a") if (path := CONF / "courier" / f"{stem}.yaml").is_file()]
    said = [{each.names: each for each in statements(path)} for path in files]
    for key, words in _OF_COURIER:
        names = tuple(key.split("."))
        ways = [each.get(at) for each in said for at in (names, ("observed", names[-1]))]
        stated = next((way for way in ways if way is not None and way.ends is not None), None)
        if (number := _number(tree, f"couriers.{name}.{key}", upper_first(words), stated)) is not None:
            yield number


def _number(tree: Mapping[str, Any], key: str, label: str, stated: Stated | None) -> Number | None:
    """Return a number of the configuration; None where it has none, or no range is stated."""
    if stated is None or stated.ends is None or not has_key(tree, key):
        return None
    value, (low, high) = value_at(tree, key), stated.ends
    if (
        value is None
        and key == "retailers.opt_in.share"
        and has_key(tree, "couriers.mall_direct.observed.listed_share")
    ):
        value = value_at(tree, "couriers.mall_direct.observed.listed_share")
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    said = stated.said.partition(";")[0]
    return Number(key, label, value, min(low, value), max(high, value), said, whole="." not in str(stated.value))


def _policy(name: str, config_dir: Path | None) -> Policy:
    """Read a policy's file: what it says of itself, and its numbers."""
    folders = [CONF / "policy", *([config_dir / "policy"] if config_dir else [])]
    path = next(file for folder in folders if (file := folder / f"{name}.yaml").is_file())
    text = path.read_text(encoding="utf-8")
    first = [line.removeprefix("#").strip() for line in text.splitlines() if line.startswith("#")]
    numbers = [
        Number(
            ".".join(["policy", *each.names]),
            _in_words(each.names[1:]),
            each.number,
            *each.ends,
            each.said.partition(";")[0],
            whole=False,
        )
        for each in statements(path)
        if each.ends is not None and each.names[-1] not in _NOT_OFFERED and each.number is not None
    ]
    return Policy(name, " ".join(first).partition(". ")[0], tuple(numbers))


def _in_words(names: tuple[str, ...]) -> str:
    words = " ".join(names).replace("_", " ")
    money = words.replace("usd per", "$ per")
    return upper_first(money.removesuffix(" usd") + ", $" if money.endswith(" usd") else money)
