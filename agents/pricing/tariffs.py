"""Tariffs: couriers that set a fee and a service rate on the basket together (model 7.6)."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from galleria.agents.kernel.arrays import Floats
from galleria.agents.pricing.fees import FeeGame

START_STEPS = np.array([[5.0, 0.0], [-5.0, 0.0], [0.0, 0.1], [0.0, -0.1]])
"""Changes of fee and rate from which a best answer is sought too, so that it does not end on the wrong hill."""


@dataclass(frozen=True)
class TariffGame:
    """Couriers who set fees and service rates against each other; a tariff is float64 [2, J], fees above rates.

    Attributes
    ----------
    fees
        The same game with service rates out of utilities and margins, so that a delivery's price is what `price_usd`
        says; its limits are those of fees.
    basket_usd
        float64 [n], baskets of the sample, $.
    highest_rate
        Largest service rate; the lowest is 0.
    """

    fees: FeeGame
    basket_usd: Floats
    highest_rate: float

    def price_usd(self, tariff: Floats) -> Floats:
        """Return what each shopper would pay each courier for a delivery, x f + sigma b, float64 [n, J], $."""
        return np.asarray(self.fees.demand.price_usd(tariff[0]) + self.basket_usd[:, None] * tariff[1])

    def profits(self, tariff: Floats) -> Floats:
        """Return the expected profit of each courier from one occasion, float64 [J], $."""
        return self.fees.profits(self.price_usd(tariff))

    def zeta(self, tariff: Floats) -> Floats:
        """Return the first-order conditions of fee and rate solved for both, float64 [2, J].

        The fixed point of `FeeGame.zeta` with weights of 1 and of the basket: for x = (1, b), with 0 in the place of
        the 1 for those who do not pay the fee, and the shopper's part g_k
        of its right side, E[x x' alpha P_k / lambda] (f_k, sigma_k)' = E[x g_k], within the limits.
        """
        gain, weight = self.fees.gains(self.price_usd(tariff))
        basket, pays_fee = self.basket_usd[:, None], self.fees.demand.pays_fee
        paying, square = pays_fee * weight, (basket**2 * weight).mean(axis=0)
        ones, cross = paying.mean(axis=0), (basket * paying).mean(axis=0)
        of_fee, of_rate = (pays_fee * gain).mean(axis=0), (basket * gain).mean(axis=0)
        spread = ones * square - cross**2
        moves = self.fees.priced & (spread > 0)
        ones, square, spread = (np.where(moves, each, 1.0) for each in (ones, square, spread))
        rate = np.clip((ones * of_rate - cross * of_fee) / spread, 0.0, self.highest_rate)
        fee = np.clip((of_fee - cross * rate) / ones, self.fees.lowest_usd, self.fees.highest_usd)
        rate = np.clip((of_rate - cross * fee) / square, 0.0, self.highest_rate)
        return np.where(moves, np.stack([fee, rate]), tariff)


def best_tariff(game: TariffGame, courier: int, tariff: Floats) -> tuple[Floats, float]:
    """Maximise over the fee and rate of one courier, all others fixed, from where they are and from a few places else.

    Returns
    -------
    The best fee and rate, float64 [2], and what they gain over the present ones, $ per occasion; the present ones and 0
    if none is better.
    """
    counted, present = game.fees.ownership[courier], tariff[:, courier]
    lowest, highest = np.array([game.fees.lowest_usd, 0.0]), np.array([game.fees.highest_usd, game.highest_rate])

    def loss(own: Floats) -> float:
        other = tariff.copy()
        other[:, courier] = np.clip(own, lowest, highest)
        return -float(counted @ game.profits(other))

    starts = [present, *(np.clip(present + step, lowest, highest) for step in START_STEPS)]
    found = [
        minimize(loss, start, method="Nelder-Mead", bounds=list(zip(lowest, highest, strict=True))) for start in starts
    ]
    best = min(found, key=lambda each: float(each.fun))
    gain = loss(present) - float(best.fun)
    return (np.asarray(best.x), gain) if gain > 0 else (present, 0.0)
