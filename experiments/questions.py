"""The node `experiment` of the configuration: what is asked, and when enough is known."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from experiments.designs import Value


class Headline(BaseModel):
    """A comparison the report leads with: one factor from low to high, the others held."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    factor: str
    low: Value
    high: Value
    at: dict[str, Value] = Field(default_factory=dict)
    metrics: tuple[str, ...] = ()


class Hypothesis(BaseModel):
    """A predicted sign: of a measure's paired difference from one point to another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    claim: str
    metric: str
    before: dict[str, Value]
    after: dict[str, Value]
    sign: Literal["+", "-"]


class TargetSettings(BaseModel):
    """Half-width of the 95 % interval at which a measure is known well enough; either suffices."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    absolute: float | None = Field(default=None, gt=0)
    relative: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_is_given(self) -> "TargetSettings":
        if self.absolute is None and self.relative is None:
            raise ValueError("give absolute (in the measure's unit), relative (share of its mean), or both")
        return self


class StoppingSettings(BaseModel):
    """When `run.replications=auto` stops adding replications."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metrics: dict[str, TargetSettings]
    fewest: int = Field(ge=2)
    most: int = Field(ge=2)

    @model_validator(mode="after")
    def _ordered(self) -> "StoppingSettings":
        if self.fewest > self.most:
            raise ValueError(f"fewest ({self.fewest}) must not be above most ({self.most})")
        return self


class ExperimentSettings(BaseModel):
    """The node `experiment` of the configuration."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[\w.-]+$")
    question: str | None
    headline: tuple[Headline, ...]
    hypotheses: tuple[Hypothesis, ...]
    stopping: StoppingSettings
