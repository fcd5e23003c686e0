"""Meals: whether a household orders one, and of whom, as prices and waits move from where they were (model 7.1).

A nested logit in increments: couriers in a nest, no meal from any of them outside it. At the reference a share s of all
occasions ends in an order, of which courier j has the part w_j. Where it has become dearer by x_j $, waiting included,

    I = lambda ln sum_j w_j exp(-alpha x_j / lambda),   P = s exp(I) / (1 - s + s exp(I)),
    P_j = P w_j exp(-alpha x_j / lambda) / sum_k w_k exp(-alpha x_k / lambda).

This is the nested logit with constants inverted at the reference; they drop out (Kumar 1980, pivot-point modelling).
"""

from typing import Annotated, NamedTuple

import numpy as np
from pydantic import Field

from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.parameters import NonNegative, Parameters, Positive


class MealChoiceSettings(Parameters):
    """How strongly households answer; units and sources stand in conf/meals."""

    price_sensitivity_per_usd: Positive
    value_of_wait_usd_per_h: NonNegative
    ordered_share: Annotated[float, Field(gt=0, lt=1)]
    dissimilarity: Annotated[float, Field(gt=0, le=1)]

    @property
    def further(self) -> float:
        """Occasions without an order at the reference, for each with one: by so much can orders rise."""
        return 1 / self.ordered_share - 1


class MealDemand(NamedTuple):
    """What is ordered on n occasions of J couriers.

    Attributes
    ----------
    ratio
        float64 [n], chance of an order over that at the reference, P / s.
    pull
        float64 [n, J], w_j exp(-alpha x_j / lambda), by which an order goes to a courier.
    gain_usd
        float64 [n], change of the expected surplus, ln(1 - s + s exp(I)) / alpha, $ (Small and Rosen 1981).
    worth_usd
        float64 [n], what an order is worth over none to who makes it, -ln(1 - P) / (alpha P), $ on average.
    """

    ratio: Floats
    pull: Floats
    gain_usd: Floats
    worth_usd: Floats


def meal_demand(settings: MealChoiceSettings, weights: Floats, dearer_usd: Floats) -> MealDemand:
    """Work out what is ordered where couriers have become dearer.

    Parameters
    ----------
    settings
        Alpha, s and lambda.
    weights
        float64 [J], w, in any scale; 0 for couriers that are not there.
    dearer_usd
        float64 [n, J], x, $.

    Returns
    -------
    At x = 0 a ratio of exactly 1.
    """
    alpha, dissimilarity, share = settings.price_sensitivity_per_usd, settings.dissimilarity, settings.ordered_share
    change = np.expm1(-alpha * dearer_usd / dissimilarity)
    whole = float(weights.sum())
    inclusive = dissimilarity * np.log1p(change @ weights / whole if whole > 0 else np.zeros(len(change)))
    logit = 1 + share * np.expm1(inclusive)
    ratio = np.exp(inclusive) / logit
    ordered = np.minimum(share * ratio, 1 - np.finfo(np.float64).eps)
    return MealDemand(ratio, weights * (1 + change), np.log(logit) / alpha, -np.log1p(-ordered) / (alpha * ordered))
