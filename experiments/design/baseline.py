"""The point that all others of a design are compared with."""

from collections.abc import Mapping, Sequence

from galleria.experiments.design.designs import DesignSettings
from galleria.experiments.design.factors import Point, Value
from galleria.experiments.design.samples import samples
from galleria.models.settings.errors import unknown_key


def baseline_of(
    design: DesignSettings, points: Sequence[Point], usual: Mapping[str, Value]
) -> tuple[int | None, list[str]]:
    """Find the baseline: the point that the design names, else the base configuration's.

    Parameters
    ----------
    design
        The node `design`.
    points
        Of the design.
    usual
        Value of each factor in the base configuration.

    Returns
    -------
    Number of the point, or None where none is compared with; and what is wrong with the one named.
    """
    if not usual:
        return None, []
    if design.kind == "decompose":  # of a change from all first values
        return 0, []
    wanted = dict(usual)
    if design.baseline is not None:
        unknown = [key for key in design.baseline if key not in usual]
        if unknown:
            return None, [f"design.baseline: {unknown_key(key, list(usual))}" for key in unknown]
        # A factor of the command line that does not take its usual level: the first it takes.
        met = {key for key, value in wanted.items() if any(_same(point[key], value) for point in points)}
        wanted = {key: value if key in met else points[0][key] for key, value in wanted.items()} | design.baseline
    for number, point in enumerate(points):
        if all(_same(point[key], value) for key, value in wanted.items()):
            return number, []
    if design.baseline is None:
        return (None if design.kind in samples() else 0), []
    described = ", ".join(f"{key}={value}" for key, value in wanted.items())
    return None, [f"design.baseline: no point of the design has {described}"]


def _same(a: Value, b: Value) -> bool:
    return a == b or str(a) == str(b)
