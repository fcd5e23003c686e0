"""Mark-ups in closed form, where demand is a plain or nested logit of one price sensitivity (model 10.4 M2)."""

import numpy as np
from scipy.special import lambertw

from galleria.agents.kernel.arrays import Floats


def logit_markup(price_sensitivity: float, own_share: float) -> float:
    """Return a firm's mark-up on each of its products, 1 / (alpha (1 - s)), $; s is the share of all that it owns."""
    return 1 / (price_sensitivity * (1 - own_share))


def monopoly_markup(price_sensitivity: float, quality: Floats, cost_usd: Floats) -> float:
    """Return the common mark-up of one firm that owns every product, (1 + W(sum exp(q - alpha c - 1))) / alpha, $.

    Parameters
    ----------
    price_sensitivity
        alpha, utils per $.
    quality
        float64 [J], q, utils.
    cost_usd
        float64 [J], unit costs.
    """
    return float((1 + lambertw(np.exp(quality - price_sensitivity * cost_usd - 1).sum()).real) / price_sensitivity)


def nested_markup(price_sensitivity: float, dissimilarity: float, share_in_nest: float, share: float) -> float:
    """Return the mark-up of a firm with one product in a nest, lambda / (alpha (1 - (1 - lambda) s_g - lambda s)), $.

    Parameters
    ----------
    price_sensitivity, dissimilarity
        alpha and lambda.
    share_in_nest, share
        Of the product, in its nest (s_g) and in all (s).
    """
    slope = 1 - (1 - dissimilarity) * share_in_nest - dissimilarity * share
    return dissimilarity / (price_sensitivity * slope)
