"""Samples of the unit cube: the spread designs before they are stretched over the factors' ranges."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from galleria.models.errors import UsageError

Sample = NDArray[np.float64]


class SampleSettings(Protocol):
    """What the samples read of the node `design`."""

    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def points(self) -> int | None: ...  # noqa: D102
    @property
    def trajectories(self) -> int | None: ...  # noqa: D102
    @property
    def levels(self) -> int | None: ...  # noqa: D102
    @property
    def second_order(self) -> bool: ...  # noqa: D102
    @property
    def seed(self) -> int | None: ...  # noqa: D102


def lhs(settings: SampleSettings, dimensions: int) -> Sample:
    """Spread points by a Latin hypercube with small discrepancy, float64[points, dimensions]."""
    from scipy.stats import qmc  # noqa: PLC0415 (slow to import)

    count, seed = _given(settings, "points"), _given(settings, "seed")
    return qmc.LatinHypercube(dimensions, rng=seed, optimization="random-cd").random(count)


def sobol(settings: SampleSettings, dimensions: int) -> Sample:
    """Spread points by a scrambled Sobol sequence, float64[points, dimensions]."""
    from scipy.stats import qmc  # noqa: PLC0415

    count, seed = _power_of_two(_given(settings, "points")), _given(settings, "seed")
    return qmc.Sobol(dimensions, scramble=True, rng=seed).random_base2(count.bit_length() - 1)


def morris(settings: SampleSettings, dimensions: int) -> Sample:
    """Walk Morris' trajectories over a grid, float64[trajectories * (dimensions + 1), dimensions]."""
    from SALib.sample.morris import sample  # noqa: PLC0415

    trajectories, levels = _given(settings, "trajectories"), _given(settings, "levels")
    walk: Sample = sample(_cube(dimensions), trajectories, num_levels=levels, seed=_given(settings, "seed"))
    return walk


def sobol_indices(settings: SampleSettings, dimensions: int) -> Sample:
    """Take Saltelli's sample, float64[points * (dimensions + 2, or 2 dimensions + 2), dimensions]."""
    from SALib.sample.sobol import sample  # noqa: PLC0415

    count, seed = _power_of_two(_given(settings, "points")), _given(settings, "seed")
    taken: Sample = sample(_cube(dimensions), count, calc_second_order=settings.second_order, seed=seed)
    return taken


def samples() -> dict[str, Callable[[SampleSettings, int], Sample]]:
    """List the samples by the name that `design.kind` uses."""
    return {
        "lhs": lhs,
        "optimise": lhs,
        "calibrate": lhs,
        "sobol": sobol,
        "morris": morris,
        "sobol_indices": sobol_indices,
    }


def _cube(dimensions: int) -> dict[str, object]:
    """Describe the unit cube to SALib."""
    names = [f"x{i}" for i in range(dimensions)]
    return {"num_vars": dimensions, "names": names, "bounds": [[0.0, 1.0]] * dimensions}


def _given(settings: SampleSettings, name: str) -> int:
    value = getattr(settings, name)
    if value is None:
        raise UsageError(f"design {settings.kind}: design.{name} must be given")
    return int(value)


def _power_of_two(count: int) -> int:
    if count & (count - 1):
        lower = 2 ** (count.bit_length() - 1)
        raise UsageError(f"design.points = {count}: this design needs a power of two; take {lower} or {2 * lower}")
    return count
