"""What all settings have in common: frozen, nothing extra, ranges as types; the numbers stand in conf/ only."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

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


def shares_sum_to_one(name: str, shares: list[float]) -> None:
    """Check that shares are a whole.

    Raises
    ------
    ValueError
        If they do not sum to 1 within 1e-6; the message gives their name and sum.
    """
    if abs(sum(shares) - 1) > 1e-6:
        raise ValueError(f"{name} must sum to 1, they sum to {sum(shares):.6g}")
