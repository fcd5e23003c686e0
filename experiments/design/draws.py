"""Draws of parameters in the place of single values: replication i of every point is run with draw i.

All points meet a draw together, so differences between points stay paired, and their spread over replications is that
of what is not known of the parameters and of chance together.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from galleria.agents.kernel.parameters import Parameters
from galleria.experiments.design.designs import FactorSettings, Point
from galleria.experiments.design.model import Tree
from galleria.experiments.design.tables import read_table
from galleria.experiments.design.trees import JsonTree, has_key, value_at, with_value
from galleria.models.errors import UsageError
from galleria.models.settings.errors import problems_of

NODE = "uncertainty"


class UncertaintySettings(Parameters):
    """The node `uncertainty` of the configuration.

    Attributes
    ----------
    draws
        How many; there are as many replications. Fewer than two: parameters stay as they stand.
    file
        A table of draws, a column a key, as a calibration leaves it; None for ranges as conf/ states them.
    seed
        Of draws from ranges.
    held
        Keys or whole branches that are not drawn from ranges: what the question needs as it stands.
    """

    draws: int = Field(ge=0, le=10000)
    file: str | None = None
    seed: int = Field(ge=0)
    held: tuple[str, ...] = ()

    def holds(self, key: str) -> bool:
        """Say whether a key is not drawn."""
        return any(f"{key}.".startswith(f"{name}.") for name in self.held)


def read_uncertainty(node: Any) -> UncertaintySettings:
    """Validate the node."""
    try:
        return UncertaintySettings.model_validate(node)
    except ValidationError as error:
        raise UsageError(problems_of(error, UncertaintySettings, NODE)) from error


def from_table(settings: UncertaintySettings, folders: Sequence[Path]) -> list[Point]:
    """Return the first draws of a table.

    Parameters
    ----------
    settings
        What is drawn.
    folders
        Of the configuration, where a file is looked for that does not stand where one calls from.
    """
    file = settings.file or ""
    found = next((path for path in (folder / file for folder in folders) if path.is_file()), file)
    rows = read_table(f"{NODE}.file", file if Path(file).is_file() else str(found))
    if len(rows) < settings.draws:
        raise UsageError(f"{NODE}.draws = {settings.draws}: {settings.file} has {len(rows)} rows")
    return rows[: settings.draws]


def from_ranges(settings: UncertaintySettings, ranges: Mapping[str, tuple[float, float]]) -> list[Point]:
    """Spread draws over ranges by a Latin hypercube, evenly within each."""
    from scipy.stats import qmc  # noqa: PLC0415 (slow to import)

    factors = {key: FactorSettings(low=low, high=high) for key, (low, high) in ranges.items()}
    sample = qmc.LatinHypercube(len(factors), rng=settings.seed).random(settings.draws)
    return [
        {key: factor.at(float(share)) for (key, factor), share in zip(factors.items(), row, strict=True)}
        for row in sample
    ]


def at_replication(tree: Tree, replication: int) -> JsonTree:
    """Return the settings of a replication: the point's, with the draw that belongs to it."""
    plain, draws = without_draws(tree)
    return with_draw(plain, draws[replication % len(draws)]) if draws else plain


def without_draws(tree: Tree) -> tuple[JsonTree, Sequence[Point]]:
    """Return the settings of a point, and the draws it is to be run with."""
    plain = {key: node for key, node in tree.items() if key != NODE}
    draws = (tree.get(NODE) or {}).get("draws")
    return plain, draws if isinstance(draws, list | tuple) else ()


def with_draw(tree: JsonTree, draw: Point) -> JsonTree:
    """Return settings with those values of a draw whose keys they have."""
    for key, value in draw.items():
        if has_key(tree, key) and value_at(tree, key) != value:
            tree = with_value(tree, key, value)
    return tree
