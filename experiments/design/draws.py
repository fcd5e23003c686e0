"""Draws of parameters in the place of single values: replication i of every point is run with draw i.

All points meet a draw together, so differences between points stay paired, and their spread over replications is that
of what is not known of the parameters and of chance together.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, FiniteFloat, ValidationError

from galleria.agents.kernel.parameters import Parameters
from galleria.experiments.design.factors import FactorSettings, Point
from galleria.experiments.design.interpolation import followers
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
        Keys or whole branches that are not drawn, unless a calibration's table has them: what the question needs as it
        stands.
    screened
        A table of draws from ranges at which the market looked as seen (`galleria screen`), of which those columns are
        taken that stand at their defaults; None for draws evenly over the ranges.
    ranges
        Config key -> low, high: ranges beside those that conf/ states, or in their place, drawn in any case.
    """

    draws: int = Field(ge=0, le=10000)
    file: str | None = None
    seed: int = Field(ge=0)
    held: tuple[str, ...] = ()
    screened: str | None = None
    ranges: dict[str, tuple[FiniteFloat, FiniteFloat]] = Field(default_factory=dict)

    def holds(self, key: str) -> bool:
        """Say whether a key is not drawn."""
        return any(f"{key}.".startswith(f"{name}.") for name in self.held)


def read_uncertainty(node: Any) -> UncertaintySettings:
    """Validate the node."""
    try:
        return UncertaintySettings.model_validate(node)
    except ValidationError as error:
        raise UsageError(problems_of(error, UncertaintySettings, NODE)) from error


def from_table(settings: UncertaintySettings, name: str, folders: Sequence[Path]) -> list[Point]:
    """Return the first draws of a table.

    Parameters
    ----------
    settings
        What is drawn.
    name
        The setting that names the table: file or screened.
    folders
        Of the configuration, where a file is looked for that does not stand where one calls from.
    """
    file = str(getattr(settings, name))
    found = next((path for path in (folder / file for folder in folders) if path.is_file()), file)
    rows = read_table(f"{NODE}.{name}", file if Path(file).is_file() else str(found))
    if len(rows) < settings.draws:
        evenly = f"; {NODE}.screened=null draws evenly over the ranges" if name == "screened" else ""
        raise UsageError(f"{NODE}.draws = {settings.draws}: {file} has {len(rows)} rows{evenly}")
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


def with_followers(tree: JsonTree) -> JsonTree:
    """Write down which settings refer to a drawn one, so that they follow its draws as they follow its value.

    Parameters
    ----------
    tree
        Of a point, its references as they are written.
    """
    draws = (tree.get(NODE) or {}).get("draws")
    if not isinstance(draws, list) or not (found := followers(tree, draws[0])):
        return tree
    return with_value(tree, f"{NODE}.followers", found)


def complete(node: Mapping[str, Any] | None) -> list[Point]:
    """Return the draws of a node `uncertainty` of a point, with the settings that follow them."""
    draws = (node or {}).get("draws")
    if not isinstance(draws, list | tuple):
        return []
    following = (node or {}).get("followers") or {}
    return [{**draw, **{key: draw[drawn] for key, drawn in following.items()}} for draw in draws]


def at_replication(tree: Tree, replication: int) -> JsonTree:
    """Return the settings of a replication: the point's, with the draw that belongs to it."""
    plain, draws = without_draws(tree)
    return with_draw(plain, draws[replication % len(draws)]) if draws else plain


def without_draws(tree: Tree) -> tuple[JsonTree, Sequence[Point]]:
    """Return the settings of a point, and the draws it is to be run with."""
    return {key: node for key, node in tree.items() if key != NODE}, complete(tree.get(NODE))


def with_draw(tree: JsonTree, draw: Point) -> JsonTree:
    """Return settings with those values of a draw whose keys they have."""
    for key, value in draw.items():
        if has_key(tree, key) and value_at(tree, key) != value:
            tree = with_value(tree, key, value)
    return tree
