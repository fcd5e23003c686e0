"""What a model is fitted to: moments, each a measure and the value that was seen of it."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field, FiniteFloat

from galleria.agents.kernel.parameters import Parameters


class MomentSettings(Parameters):
    """A measure's value as data have it.

    Attributes
    ----------
    value
        In the measure's unit.
    se
        Standard error of the value; None for `design.relative_se` of it.
    weight
        What the squared distance counts beside those of the other moments.
    source
        Where the value stands.
    """

    value: FiniteFloat
    se: Annotated[FiniteFloat, Field(gt=0)] | None = None
    weight: Annotated[FiniteFloat, Field(gt=0)] = 1.0
    source: str | None = None

    def standard_error(self, relative: float) -> float:
        """Return the standard error: the given one, else a share of the value."""
        return abs(self.value) * relative if self.se is None else self.se


def _from_number(value: object) -> object:
    plain = isinstance(value, int | float | str) and not isinstance(value, bool)
    return {"value": value} if plain else value


Moment = Annotated[MomentSettings, BeforeValidator(_from_number)]


def problems_of_moments(moments: Mapping[str, MomentSettings], parameters: int) -> list[str]:
    """Say why moments cannot tell so many parameters.

    Parameters
    ----------
    moments
        By measure.
    parameters
        How many are fitted.
    """
    if not moments:
        return ["design.moments is empty: name the measures that are fitted, each with the value seen"]
    problems = [
        f"design.moments.{name} = 0: a share of nothing is no standard error; give se"
        for name, moment in moments.items()
        if moment.value == 0 and moment.se is None
    ]
    if len(moments) < parameters:
        problems.append(
            f"design.moments: {len(moments)} moments cannot tell {parameters} parameters apart; "
            "add moments, or fit fewer parameters"
        )
    return problems
