"""A results folder as the report sees it: factors with their levels, points, measurements."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, Self

import numpy as np
import pandas as pd

from galleria.experiments.report.words import level, level_in_words, listing, upper_first
from galleria.experiments.results import Results
from galleria.experiments.statistics import Cube

Value = float | str | bool
Shape = Literal["single", "factorial", "slices", "together", "scattered"]

NO_COURIER = ("warehouse", "store_mall", "store_big_box", "none")
"""Channels whose goods no on-demand courier brings."""

_MOST_LISTED = 12
_MOST_NAMED = 2
_SPREAD = ("lhs", "sobol", "morris", "sobol_indices", "optimise", "calibrate")
_NOT_A_FACTOR = ("run_key", "point", "replication")


@dataclass(frozen=True)
class Factor:
    """What a design varies.

    Attributes
    ----------
    key
        Its key in the configuration ("drivers.pool").
    label
        Its name for readers.
    unit
        Its unit, or None.
    levels
        The values it takes, sorted when numeric, else in the order of the plan.
    numeric
        Whether the levels are numbers.
    """

    key: str
    label: str
    unit: str | None
    levels: tuple[Value, ...]
    numeric: bool

    def axis_label(self) -> str:
        """Return the label of an axis."""
        has_unit = self.unit is None or self.unit in {"share", "fraction"} or self.unit in self.label.lower()
        return self.label if has_unit else f"{self.label} ({self.unit})"

    @property
    def percent(self) -> bool:
        """Whether levels are written in per cent."""
        return self.unit in {"share", "fraction"}

    def words(self, value: Value) -> str:
        """Write a level with its unit, unless the label already names it."""
        named = self.unit is not None and self.unit in self.label.lower() and not self.percent
        return level_in_words(value, None if named and not str(self.unit).startswith("USD") else self.unit)

    def listed(self) -> str:
        """Write all levels, the unit once; of more than twelve only the ends."""
        if len(self.levels) > _MOST_LISTED:
            ends = f"{level(self.levels[0], self.unit)} to {self.words(self.levels[-1])}"
            return f"{len(self.levels)} levels from {ends}"
        first = [level(value, self.unit) for value in self.levels[:-1]]
        return ", ".join([*first, self.words(self.levels[-1])])


@dataclass(frozen=True)
class Study:
    """The results of one experiment, arranged.

    Attributes
    ----------
    results
        As loaded.
    cube
        Every measurement.
    factors
        What the design varied: two or more levels each.
    settings
        One row a point (index: point), one column a factor.
    """

    results: Results
    cube: Cube
    factors: tuple[Factor, ...]
    settings: pd.DataFrame

    @classmethod
    def of(cls, results: Results) -> Self:
        """Arrange loaded results."""
        plan = results.plan
        keys = [column for column in plan.columns if column not in _NOT_A_FACTOR]
        declared = {str(f["key"]): f for f in results.provenance.get("factors") or []}
        settings = plan.drop_duplicates("point").set_index("point")[keys].sort_index()
        factors = [_factor(key, settings[key], declared.get(key, {})) for key in keys]
        varied = tuple(factor for factor in factors if len(factor.levels) > 1)
        return cls(
            results=results,
            cube=Cube.of_frames(results.metrics, plan),
            factors=varied,
            settings=settings[[factor.key for factor in varied]],
        )

    @property
    def baseline(self) -> int | None:
        """The point that others are compared with, as the experiment names it; the only one of a single run."""
        named = self.results.provenance.get("baseline_point")
        if named is not None:
            return int(named)
        return int(self.settings.index[0]) if len(self.settings) == 1 else None

    @property
    def seed(self) -> int:
        """The root seed of the runs, which also seeds what the report draws."""
        return int(self.results.runs["seed"].iloc[0])

    @property
    def channels(self) -> list[str]:
        """The channels that shoppers choose among, as the model lists them."""
        couriers = {m.removeprefix("orders_") for m in self.cube.metrics if m.startswith("orders_")}
        named = [m.removeprefix("share_") for m in self.cube.metrics if m.startswith("share_")]
        return [name for name in named if name in couriers | set(NO_COURIER)]

    @property
    def decomposed(self) -> tuple[int, ...]:
        """The points of a decomposition, from before the change to after it; empty for other designs."""
        design = self.results.provenance.get("design") or {}
        return tuple(map(int, design["rows"])) if design.get("kind") == "decompose" else ()

    @cached_property
    def centre(self) -> int:
        """The baseline point, or without one the point with the most middling levels."""
        if self.baseline is not None:
            return self.baseline
        distance = np.zeros(len(self.settings))
        for factor in self.factors:
            rank = self.settings[factor.key].map({v: i for i, v in enumerate(factor.levels)}).to_numpy(float)
            distance += np.abs(rank - (len(factor.levels) - 1) // 2) / len(factor.levels)
        return int(self.settings.index[int(np.argmin(distance))])

    @cached_property
    def shape(self) -> Shape:
        """Say how the points lie.

        All combinations, one factor at a time around the centre, all factors together, or scattered.
        """
        if not self.factors:
            return "single"
        kind = (self.results.provenance.get("design") or {}).get("kind")
        if kind in _SPREAD:
            return "scattered"
        combinations = int(np.prod([len(f.levels) for f in self.factors]))
        if combinations == len(self.settings.drop_duplicates()) == len(self.settings):
            return "factorial"
        if all(len(self._others_fixed(factor, self.centre)) > 1 for factor in self.factors):
            return "slices"
        if kind == "zip":
            return "together"
        return "scattered"

    def slice(self, factor: Factor, at: int | None = None) -> dict[Value, int]:
        """Return level -> point where every other factor stands as at a point (default: the centre).

        When all factors change together there is no such line: the whole design is given.
        """
        if self.shape == "together":
            return dict(zip(self.settings[factor.key], map(int, self.settings.index), strict=True))
        return self._others_fixed(factor, self.centre if at is None else at)

    def _others_fixed(self, factor: Factor, at: int) -> dict[Value, int]:
        origin = self.settings.loc[at]
        same = np.ones(len(self.settings), dtype=bool)
        for other in self.factors:
            if other.key != factor.key:
                same &= (self.settings[other.key] == origin[other.key]).to_numpy()
        here = self.settings.loc[same, factor.key]
        by_level: dict[Value, int] = {}
        for point, value in here.items():
            by_level.setdefault(value, int(str(point)))
        return {value: by_level[value] for value in factor.levels if value in by_level}

    def factor(self, key: str) -> Factor:
        """Return a factor by its key."""
        return next(factor for factor in self.factors if factor.key == key)

    def find(self, where: Mapping[str, Any]) -> int | None:
        """Return the point with these levels, the centre's where none is named; None when it was not run."""
        wanted = {f.key: where.get(f.key, self.settings.loc[self.centre, f.key]) for f in self.factors}
        same = np.ones(len(self.settings), dtype=bool)
        for key, value in wanted.items():
            column = self.settings[key]
            numeric = pd.api.types.is_numeric_dtype(column) and isinstance(value, int | float)
            same &= np.isclose(column, float(value)) if numeric else (column == value).to_numpy()
        found = self.settings.index[same]
        return int(found[0]) if len(found) else None

    def others(self, factor: Factor, at: Mapping[str, Any]) -> tuple[int | None, dict[Value, int]]:
        """Return the point at a factor's level of the centre, and level -> point of its other levels.

        The remaining factors stand at the levels `at`, or where those name none at the centre's; points that were not
        run are left out.
        """
        home = self.settings.loc[self.centre, factor.key]
        found = {level: self.find({**at, factor.key: level}) for level in factor.levels if level != home}
        return self.find({**at, factor.key: home}), {level: p for level, p in found.items() if p is not None}

    def held(self, point: int, but: Sequence[str]) -> str:
        """Write the levels of a point, the factors in `but` left out."""
        named = [f for f in self.factors if f.key not in but]
        home = self.settings.loc[self.centre]
        if self.baseline is not None and len(named) > _MOST_NAMED:
            away = [f for f in named if self.settings.loc[point, f.key] != home[f.key]]
            if len(away) < len(named):
                words = listing({f.label: f.words(self.settings.loc[point, f.key]) for f in away})  # type: ignore[arg-type]
                return f"{words}, all else as at the baseline point" if away else "all else as at the baseline point"
        return listing(
            {
                f.label: f.words(self.settings.loc[point, f.key])  # type: ignore[arg-type]
                for f in named
            }
        )


def _factor(key: str, column: pd.Series, declared: Mapping[str, Any]) -> Factor:
    numeric = bool(pd.api.types.is_numeric_dtype(column)) and not pd.api.types.is_bool_dtype(column)
    levels = sorted(column.dropna().unique()) if numeric else list(dict.fromkeys(column.dropna().tolist()))
    if {*levels} == {False, True}:
        levels = [False, True]
    unit = declared.get("unit") or ("share" if numeric and key.endswith("share") else None)
    label = str(declared.get("label") or "")
    # Without a label of the experiment's own, provenance holds the key in other letters.
    named = bool(label) and label.replace(": ", ".").replace(" ", "_") != key
    return Factor(
        key=key,
        label=label if named else _label_of_key(key),
        unit=None if unit in {None, "", "-", "1"} else str(unit),
        levels=tuple(float(v) if numeric else v for v in levels),
        numeric=numeric,
    )


_LABELS = MappingProxyType(
    {
        "drivers.pool": "Drivers in the pool",
        "retailers.opt_in.share": "Mall stores that opt in",
        "customers.occasions_per_household_day": "Occasions per household and day",
        "city.households": "Households",
        "dispatch.interval_s": "Dispatch interval (s)",
        "dispatch.rule": "Dispatch rule",
    }
)


def _label_of_key(key: str) -> str:
    if key in _LABELS:
        return _LABELS[key]
    parts = re.sub(r"_(usd|share|km|s|h)\b", "", key).replace("_", " ").split(".")
    return upper_first(" ".join(dict.fromkeys(parts[-2:])))
