"""Where couriers' answers to each other end, and what the best answer of one would gain it (model 7.6)."""

from typing import Protocol

import numpy as np
from scipy.optimize import minimize_scalar, root

from galleria.agents.kernel.arrays import Floats
from galleria.agents.pricing.fees import FeeGame

PLAIN_STEPS = 50
"""Fixed-point steps before Powell's method is tried; ten are usual, owners of many close substitutes need it."""

LARGEST_STEPS = 2000
"""Fixed-point steps after which the search for an equilibrium gives up."""

GRID = 13
"""Fees at which a best response looks before it refines, so that it does not end on the wrong hill."""


class Game(Protocol):
    """What couriers answer each other with: fees, or fees and rates."""

    def zeta(self, tariff: Floats, /) -> Floats:
        """Return the right side of the first-order conditions solved for what is set."""


def bertrand_nash(game: Game, start_usd: Floats, tolerance_usd: float, damping: float) -> Floats:
    """Find fees, or fees and rates, from which no desk wants to depart a little.

    Parameters
    ----------
    game
        The couriers and their demand.
    start_usd
        float64 [J], fees to start from, or what else the game sets; those that are not priced stay.
    tolerance_usd
        Largest distance from zeta.
    damping
        Weight of the new fees in (0, 1]; it is halved at each step that turns back, and recovers.

    Returns
    -------
    float64, in the shape of the start.

    Raises
    ------
    ValueError
        If the search does not end.
    """
    fee_usd: Floats = np.asarray(start_usd, dtype=np.float64)
    weight, last, length = damping, np.zeros_like(fee_usd), np.inf
    for count in range(LARGEST_STEPS):
        if count == PLAIN_STEPS:
            fee_usd = _leap(game, fee_usd, tolerance_usd)
        step = game.zeta(fee_usd) - fee_usd
        length = float(np.abs(step).max(initial=0.0))
        if length <= tolerance_usd:
            return fee_usd + step
        weight = weight / 2 if (step * last).sum() < 0 else min(damping, 1.5 * weight)
        fee_usd = fee_usd + weight * step
        last = step
    raise ValueError(
        f"no equilibrium of fees was found in {LARGEST_STEPS} steps; the last step was {length:.2g} $. "
        "Demand may be too flat in the fee (a price sensitivity near 0) for any fee to be best."
    )


def _leap(game: Game, fee_usd: Floats, tolerance_usd: float) -> Floats:
    """Try Powell's hybrid method on f = zeta(f); return the fees that are nearer to it, the new or the old ones."""

    def gap(flat: Floats) -> Floats:
        fee = flat.reshape(fee_usd.shape)
        return np.asarray(game.zeta(fee) - fee).ravel()

    solution = root(gap, fee_usd.ravel(), method="hybr", options={"xtol": tolerance_usd / 10}).x
    found: Floats = np.reshape(solution, fee_usd.shape)
    return found if np.abs(gap(found)).max(initial=0.0) < np.abs(gap(fee_usd)).max(initial=0.0) else fee_usd


def best_response(game: FeeGame, courier: int, fee_usd: Floats, tolerance_usd: float) -> tuple[float, float]:
    """Maximise over one fee, all others fixed, by looking everywhere and then refining.

    Returns
    -------
    The best fee, and what it gains over the present one, $ per occasion; the present fee and 0 if none is better.
    """

    def loss(fee: float) -> float:
        other = fee_usd.copy()
        other[courier] = fee
        return -game.objective(courier, other)

    present = loss(float(fee_usd[courier]))
    grid = np.linspace(game.lowest_usd, game.highest_usd, GRID)
    losses = np.array([loss(fee) for fee in grid.tolist()])
    top = int(losses.argmin())
    found = minimize_scalar(
        loss,
        bounds=(float(grid[max(top - 1, 0)]), float(grid[min(top + 1, GRID - 1)])),
        method="bounded",
        options={"xatol": tolerance_usd},
    )
    fee, value = min([(float(found.x), float(found.fun)), (float(grid[top]), float(losses[top]))], key=lambda x: x[1])
    return (fee, present - value) if value < present else (float(fee_usd[courier]), 0.0)
