"""What all settings have in common: frozen, nothing extra, ranges as types; the numbers stand in conf/ only."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NonNegative = Annotated[float, Field(ge=0)]
SdLog = Annotated[float, Field(ge=0, le=2)]
HourOfDay = Annotated[float, Field(ge=0, le=24)]

EVERY_HOUR = Field(min_length=24, max_length=24)
"""One value for each hour of the day."""


class Parameters(BaseModel):
    """Base of every settings class."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*")
    @classmethod
    def _sound(cls, value: Any, field: ValidationInfo) -> Any:
        """Refuse numbers that nothing measured has, infinities and what the ledger cannot hold, and empty names."""
        if field.field_name != "seed" and not _is_countable(value):
            raise ValueError(f"numbers must be finite and at most {LARGEST:.0e} in size")
        if not _is_named(value):
            raise ValueError("a text must not be empty; write null for none")
        return value


LARGEST = 1e12
"""Largest size of any number in the settings, in its own unit; the ledger counts dollars in 64-bit integers."""


def _is_countable(value: Any) -> bool:
    """Say whether a number, or every number of a tuple, list or mapping, is finite and no larger than `LARGEST`."""
    if isinstance(value, dict):
        return all(_is_countable(each) for each in value.values())
    if isinstance(value, tuple | list):
        return all(_is_countable(each) for each in value)
    return not isinstance(value, int | float) or abs(value) <= LARGEST  # false for what is no number


def _is_named(value: Any) -> bool:
    """Say whether a text, and every text and key of a tuple, list or mapping, has a character to be seen."""
    if isinstance(value, dict):
        return all(_is_named(name) and _is_named(each) for name, each in value.items())
    if isinstance(value, tuple | list):
        return all(_is_named(each) for each in value)
    return not isinstance(value, str) or (bool(value.strip()) and "\0" not in value)


def shares_sum_to_one(name: str, shares: list[float]) -> None:
    """Check that shares are a whole.

    Raises
    ------
    ValueError
        If they do not sum to 1 within 1e-6; the message gives their name and sum.
    """
    if abs(sum(shares) - 1) > 1e-6:
        raise ValueError(f"{name} must sum to 1, they sum to {sum(shares):.6g}")
