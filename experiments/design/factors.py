"""What a design varies: settings with their values or ranges, and switches of several settings at once."""

import math
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from galleria.agents.kernel.parameters import Parameters
from galleria.models.errors import UsageError

Value = bool | int | float | str | None
Point = dict[str, Value]

SWITCH = ("off", "on")
"""Values of a factor that sets several settings at once."""


class FactorSettings(Parameters):
    """A setting that is varied: listed values, or a range from `low` to `high`; or a switch that sets several.

    A range is one of whole numbers when `integer` says so, or says nothing and the setting is a whole number. A switch
    has the values off and on, and `switches` tells what each of its settings is at either.
    """

    label: str | None = None
    unit: str | None = None
    values: tuple[Value, ...] | None = Field(default=None, min_length=1)
    low: float | None = None
    high: float | None = None
    scale: Literal["linear", "log"] = "linear"
    integer: bool | None = None
    switches: dict[str, tuple[Value, Value]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _switch_has_two_values(cls, data: object) -> object:
        if isinstance(data, Mapping) and data.get("switches"):
            if any(data.get(name) is not None for name in ("low", "high")):
                raise ValueError("a factor with switches is off or on: it has no low and high")
            return {**data, "values": data.get("values") or SWITCH}
        return data

    @model_validator(mode="after")
    def _values_or_range(self) -> "FactorSettings":
        if self.switches and not set(self.values or ()) <= set(SWITCH):
            raise ValueError(f"a factor with switches has the values {' and '.join(SWITCH)}")
        ranged = self.low is not None and self.high is not None
        if (self.values is None) != ranged:
            raise ValueError("a factor has either values or both low and high")
        if self.low is not None and self.high is not None:
            if not self.low < self.high:
                raise ValueError(f"low ({self.low}) must be below high ({self.high})")
            if self.scale == "log" and self.low <= 0:
                raise ValueError(f"low ({self.low}) must be above 0 on a log scale")
        return self

    def at(self, share: float) -> Value:
        """Return the value at a share in [0, 1] of the factor's range or list.

        A list is cut into equal parts, so a share drawn uniformly draws its values equally often.
        """
        if self.values is not None:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        if self.low is None or self.high is None:
            raise AssertionError
        if self.scale == "log":
            value = math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low)))
        else:
            value = self.low + share * (self.high - self.low)
        return round(value) if self.integer else value

    def nearest(self, value: Value) -> Value:
        """Return a value brought into the range; its middle for what is no number."""
        if self.low is None or self.high is None or not isinstance(value, int | float):
            return self.at(0.5)
        inside = min(max(value, self.low), self.high)
        return round(inside) if self.integer else inside

    def listed(self, key: str) -> tuple[Value, ...]:
        """Return the values of a design that needs a list."""
        if self.values is None:
            message = "this design needs a list of values, not a range; design=lhs, sobol or optimise takes one"
            raise UsageError(f"{key}: {message}")
        return self.values


def _from_list(value: object) -> object:
    return {"values": value} if isinstance(value, list | tuple) else value


Factor = Annotated[FactorSettings, BeforeValidator(_from_list)]
