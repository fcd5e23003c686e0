"""A fitted market as a configuration that others compose: `calibration=fitted`."""

from collections.abc import Mapping
from typing import Any

from omegaconf import OmegaConf

from galleria.experiments.design.factors import Point
from galleria.experiments.design.request import Request
from galleria.experiments.design.trees import JsonTree, with_value

POSTERIOR = "calibration/posterior.csv"
"""Where the draws stand in a folder of configuration, beside the fitted market."""

_NOT_OF_THE_MARKET = ("design", "experiment", "hydra", "calibration", "scale", "uncertainty")
_NOT_OF_THE_RUN = ("run.output", "run.replications", "run.seed", "run.tables", "run.record")


def preset(request: Request, point: Point, comment: str) -> str:
    """Write the YAML of a fitted market: choices of groups, values that were set, and those that were fitted.

    Parameters
    ----------
    request
        What the market was asked to be.
    point
        Fitted values, by config key.
    comment
        What stands above it; lines.
    """
    held = [choice.held for choice in request.chosen if choice.held is not None]
    groups = [{f"override /{group}": _names(name)} for group, name in held if _of_the_market(group)]
    tree: JsonTree = {}
    for key, value in {**_set(request), **point}.items():
        tree = with_value(tree, key, value)
    tree = with_value(tree, "uncertainty.file", POSTERIOR)
    content = {"defaults": [*groups, "_self_"], **tree}
    lines = "".join(f"# {line}\n".replace("# \n", "#\n") for line in comment.splitlines())
    return f"# @package _global_\n#\n{lines}\n{OmegaConf.to_yaml(OmegaConf.create(content))}"


def _set(request: Request) -> Mapping[str, Any]:
    return {
        assignment.key: assignment.value
        for assignment in request.assignments
        if _of_the_market(assignment.key) and assignment.key not in _NOT_OF_THE_RUN
    }


def _of_the_market(key: str) -> bool:
    return key.replace("/", ".").partition(".")[0] not in _NOT_OF_THE_MARKET


def _names(choice: str) -> str | list[str]:
    names = choice.split("+")
    return names[0] if len(names) == 1 else names
