"""Metrics: figures of distributions in closed form, and what a lump of money does to surplus (model 10.4 M7)."""

from collections.abc import Callable

import numpy as np
from scipy.special import ndtri

from galleria.agents.kernel.arrays import Floats
from galleria.agents.pricing.concentration import hhi
from galleria.experiments.verification.findings import Finding, near
from galleria.experiments.verification.registry import row
from galleria.models.measures.statistics import atkinson, gini, theil

N = 200_000
LOGNORMAL = "quantiles of the lognormal distribution, sd .5"


def incomes() -> Floats:
    """Return the quantiles of a lognormal distribution."""
    return np.asarray(np.exp(0.5 * ndtri((np.arange(N) + 0.5) / N)))


FIGURES: dict[str, tuple[Callable[[Floats], float], float]] = {
    "Gini": (gini, 0.276326),
    "Theil": (theil, 0.125),
    "Atkinson .5": (lambda values: atkinson(values, 0.5), 1 - np.exp(-0.0625)),
    "Atkinson 1": (lambda values: atkinson(values, 1.0), 1 - np.exp(-0.125)),
    "Atkinson 2": (lambda values: atkinson(values, 2.0), 1 - np.exp(-0.25)),
}


@row("M7", LOGNORMAL, cases={name: {"figure": name} for name in FIGURES})
def inequality(figure: str) -> Finding:
    """Inequality of incomes."""
    compute, oracle = FIGURES[figure]
    return near(compute(incomes()), oracle, by=5e-5)


@row("M7.one", "one of four has all")
def all_for_one() -> Finding:
    """Gini of four of whom one has all."""
    return near(gini(np.array([0.0, 0.0, 0.0, 5.0])), 0.75, by=1e-12)


@row("M7.HHI", "equal firms", cases={f"{n} firms": {"n": n} for n in (1, 2, 5)})
def concentration(n: int) -> Finding:
    """Index of concentration, 10,000 / n."""
    return near(hhi([3.7] * n), 10_000 / n, by=1e-8)
