"""The node `experiment` of the configuration: what is asked, and when enough is known."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from galleria.agents.kernel.parameters import Parameters
from galleria.experiments.design.factors import Value
from galleria.experiments.design.figure_names import FIGURES, built_in


class Headline(Parameters):
    """A comparison the report leads with: one factor from low to high, the others held.

    Without a factor it is the whole change that a decomposition is of (`design=decompose`).
    """

    factor: str | None = None
    low: Value = None
    high: Value = None
    at: dict[str, Value] = Field(default_factory=dict)
    metrics: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _factor_has_both_levels(self) -> "Headline":
        if self.factor is not None and not {"low", "high"} <= self.model_fields_set:
            raise ValueError("a factor needs low and high, the levels to be compared")
        return self


class Change(Parameters):
    """From one point to another; factors that are not named stand at the baseline point."""

    before: dict[str, Value]
    after: dict[str, Value]


class Reference(Change):
    """A change to be exceeded; of the same measure, or of another one in the same unit."""

    metric: str | None = None


class Hypothesis(Change):
    """A predicted sign of a measure's paired difference, or of how far it exceeds another change's (`than`).

    One marked `check` holds at any parameters by how the model is built: it tests the code and says nothing of markets.
    """

    claim: str
    metric: str
    sign: Literal["+", "-"]
    than: Reference | None = None
    check: bool = False


class Curve(Parameters):
    """A predicted shape of a measure along the levels of a factor; `check` as of a `Hypothesis`."""

    claim: str
    metric: str
    factor: str
    levels: tuple[Value, ...] = Field(min_length=3)
    at: dict[str, Value] = Field(default_factory=dict)
    shape: Literal["rising", "falling", "peak", "trough"]
    check: bool = False


def _kind(entry: object) -> str:
    shaped = "shape" in entry if isinstance(entry, dict) else isinstance(entry, Curve)
    return "curve" if shaped else "sign"


Expected = Annotated[Annotated[Hypothesis, Tag("sign")] | Annotated[Curve, Tag("curve")], Discriminator(_kind)]


class Published(Change):
    """What was published of a change, to be printed beside what is simulated.

    Attributes
    ----------
    what
        In words.
    metric
        The measure that is nearest to it.
    measured
        As a share of the level before, or as a difference in the measure's unit.
    low, high
        The range of published estimates.
    source
        Where they stand.
    mark
        Whose figure it is: primary (the agency's, paper's or company's own), secondary (press, digests), derived (by
        arithmetic from published figures) or interested (a party to the dispute).
    """

    what: str
    metric: str
    measured: Literal["relative", "difference"]
    low: float
    high: float
    source: str
    mark: Literal["primary", "secondary", "derived", "interested"] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> "Published":
        if self.low > self.high:
            raise ValueError(f"low ({self.low}) must not be above high ({self.high})")
        return self


class FigureSettings(Parameters):
    """A picture that the experiment asks for by its name; which further keys are read depends on it.

    Attributes
    ----------
    figure
        Name of a file in experiments/report/asked, or of a figure that an installed package brings.
    metrics
        Measures.
    x, columns, lines
        Factors: along the axis, one a column of pictures, one a line or colour.
    at
        Levels of the factors that are not shown.
    """

    figure: str
    metrics: tuple[str, ...] = ()
    x: str | None = None
    columns: str | None = None
    lines: str | None = None
    at: dict[str, Value] = Field(default_factory=dict)

    @field_validator("figure")
    @classmethod
    def _exists(cls, name: str) -> str:
        if name not in built_in() and name not in FIGURES:
            known = ", ".join(sorted({*built_in(), *FIGURES}))
            raise ValueError(f"there is no such figure; there are {known}")
        return name


class TargetSettings(Parameters):
    """Half-width of the 95 % interval at which a measure is known well enough; either suffices."""

    absolute: float | None = Field(default=None, gt=0)
    relative: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_is_given(self) -> "TargetSettings":
        if self.absolute is None and self.relative is None:
            raise ValueError("give absolute (in the measure's unit), relative (share of its mean), or both")
        return self


class StoppingSettings(Parameters):
    """When `run.replications=auto` stops adding replications."""

    metrics: dict[str, TargetSettings]
    fewest: int = Field(ge=2)
    most: int = Field(ge=2)

    @model_validator(mode="after")
    def _ordered(self) -> "StoppingSettings":
        if self.fewest > self.most:
            raise ValueError(f"fewest ({self.fewest}) must not be above most ({self.most})")
        return self


class ExperimentSettings(Parameters):
    """The node `experiment` of the configuration."""

    name: str = Field(pattern=r"^\w[\w.-]*$")
    question: str | None
    headline: tuple[Headline, ...]
    hypotheses: tuple[Expected, ...]
    published: tuple[Published, ...] = ()
    given: tuple[str, ...] = ()
    figures: tuple[FigureSettings, ...] = ()
    stopping: StoppingSettings
