"""What a search has to keep a measure between."""

from pydantic import model_validator

from galleria.agents.kernel.parameters import Parameters


class LimitSettings(Parameters):
    """What a search has to keep a measure's mean between; at least one end."""

    least: float | None = None
    most: float | None = None

    @model_validator(mode="after")
    def _ends(self) -> "LimitSettings":
        if self.least is None and self.most is None:
            raise ValueError("give least, most, or both")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError(f"least ({self.least}) must not be above most ({self.most})")
        return self
