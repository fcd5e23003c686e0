"""A calibration as a researcher writes it down: one YAML file of moments, parameters and what the market is."""

from pathlib import Path
from typing import Annotated, Any

from omegaconf import OmegaConf
from pydantic import BeforeValidator, Field, ValidationError, field_validator

from galleria.agents.kernel.parameters import Parameters
from galleria.experiments.design.factors import FactorSettings, Point, Value
from galleria.experiments.design.moments import Moment
from galleria.experiments.design.yaml_files import check_yaml
from galleria.models.errors import UsageError
from galleria.models.settings.errors import problems_of


class ParameterSettings(FactorSettings):
    """A parameter: its range, and where to start."""

    start: Value = None


def _range(node: object) -> object:
    """Read [low, high] as a range."""
    if isinstance(node, dict):
        return node
    if not isinstance(node, list) or len(node) != 2:
        raise ValueError("must be [low, high], or {low, high, start, scale, integer, label, unit}")
    return {"low": node[0], "high": node[1]}


Parameter = Annotated[ParameterSettings, BeforeValidator(_range)]


class CalibrationFile(Parameters):
    """The content of the file.

    Attributes
    ----------
    moments
        Measure -> value, or {value, se, weight, source}.
    parameters
        Config key -> [low, high], or {low, high, start, scale, integer, label, unit}.
    overrides
        What the market is, as on a command line.
    """

    moments: dict[str, Moment] = Field(min_length=1)
    parameters: dict[str, Parameter] = Field(min_length=1)
    overrides: tuple[str, ...] = ()

    @field_validator("overrides")
    @classmethod
    def _of_the_market(cls, overrides: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse what a person says on the command line and no file does: how Hydra works."""
        for text in overrides:
            if text.lstrip("+~").startswith("hydra"):
                raise ValueError(f"{text} sets how Hydra works; give it on the command line")
        return overrides

    def asked(self, name: str) -> dict[str, Any]:
        """Return the file as settings of the nodes `design` and `experiment`, by config key."""
        factors = {key: each.model_dump(exclude_none=True, exclude={"start"}) for key, each in self.parameters.items()}
        start: Point = {key: each.start for key, each in self.parameters.items() if each.start is not None}
        return {
            "design.moments": {name: each.model_dump(exclude_none=True) for name, each in self.moments.items()},
            "design.factors": factors,
            "design.baseline": start or None,
            "experiment.name": name,
            "experiment.question": "Which parameters give the moments that were seen?",
        }


def read_calibration(path: Path) -> CalibrationFile:
    """Read a calibration file.

    Raises
    ------
    UsageError
        With every problem of the file: no YAML, unknown keys, values that are no numbers, ranges upside down.
    """
    if path.exists():
        check_yaml(path)
    try:
        content = OmegaConf.to_container(OmegaConf.load(path))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    except Exception as error:  # YAML, OmegaConf and the codec have their own
        raise UsageError(f"{path} is not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict):
        raise UsageError(f"{path}: must be a mapping with moments and parameters")
    try:
        return CalibrationFile.model_validate(content)
    except ValidationError as error:
        raise UsageError([f"{path}: {problem}" for problem in problems_of(error, CalibrationFile)]) from error
