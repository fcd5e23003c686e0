"""What a courier's pricing desk decides: Bertrand-Nash fees on the analytic demand of a sample of shoppers (model 7.6).

The demand is the mixed nested logit of `galleria.agents.customers.choice` with each shopper's own price sensitivity;
an order's margin may depend on the shopper's basket. Ownership says whose profits the desk of each fee counts, so one
firm with two channels prices in what a cheaper fee of the one takes from the other.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from galleria.agents.customers.choice import Nests, log_sum, probabilities, within_nests
from galleria.agents.kernel.arrays import Bools, Floats, Ints


@dataclass(frozen=True)
class Demand:
    """Analytic demand of a fixed sample of n shoppers for C channels, the first J of them couriers.

    Attributes
    ----------
    utility
        float64 [n, C], V at delivery fees of zero, utils; -inf where a channel is not to be had.
    price_sensitivity
        float64 [n], alpha_n, utils per $.
    nests
        The choice tree.
    couriers
        J.
    pays_fee
        float64 [n, J], 1 for shoppers who pay the fee that a courier sets, 0 for those who pay something fixed in its
        place, which is in V; 1.0 where all pay it. What is called a price is what a shopper pays of the fees set.
    """

    utility: Floats
    price_sensitivity: Floats
    nests: Nests
    couriers: int
    pays_fee: Floats | float = 1.0

    def price_usd(self, fee_usd: Floats) -> Floats:
        """Return what is paid of fees float64 [J]: the same where all pay them, else float64 [n, J], $."""
        return np.asarray(self.pays_fee * fee_usd)

    def utility_at(self, fee_usd: Floats) -> Floats:
        """Return V at prices float64 [J] or [n, J], $; float64 [n, C], utils."""
        at_fees = self.utility.copy()
        at_fees[:, : self.couriers] -= self.price_sensitivity[:, None] * fee_usd
        return at_fees

    def probabilities(self, fee_usd: Floats) -> Floats:
        """Return each shopper's choice probabilities at fees float64 [J], $; float64 [n, C]."""
        return probabilities(self.utility_at(fee_usd), self.nests)

    def shares(self, fee_usd: Floats) -> Floats:
        """Return the channels' shares of occasions at fees float64 [J], $; float64 [C]."""
        return np.asarray(self.probabilities(fee_usd).mean(axis=0))

    def consumer_surplus_usd(self, fee_usd: Floats) -> float:
        """Return the mean consumer surplus of an occasion, E[log-sum / alpha_n], $ up to a constant (model 9)."""
        return float((log_sum(self.utility_at(fee_usd), self.nests) / self.price_sensitivity).mean())

    def responses(self, fee_usd: Floats) -> Floats:
        """Return dP_nc / df_k for each shopper, courier k and channel c at prices, float64 [n, J, C], 1/$.

        With P_{k|g} = P_k / P_g and [g] for "in the same nest",
        dP_c / df_k = -alpha P_c ([c = k] / lambda - [g] (1 - lambda) / lambda P_{k|g} - P_k).
        """
        chance = self.probabilities(fee_usd)
        within = self.of_couriers(fee_usd)[1]
        nest, dissimilarity = self.nests.of_channel, self.nests.of_each
        result = np.empty((len(chance), self.couriers, chance.shape[1]))
        for k in range(self.couriers):
            nested = np.where(nest == nest[k], (1 - dissimilarity[k]) / dissimilarity[k], 0.0)
            change = -chance * (nested * within[:, [k]] + chance[:, [k]])
            change[:, k] += chance[:, k] / dissimilarity[k]
            result[:, k] = -self.price_sensitivity[:, None] * change
        return result if isinstance(self.pays_fee, float) else result * self.pays_fee[:, :, None]

    def of_couriers(self, fee_usd: Floats) -> tuple[Floats, Floats]:
        """Return the probabilities of the couriers, P_k and P_{k|g}, 0 where the nest has none; each float64 [n, J].

        Nothing but the couriers' part of the tree is worked out anew: the rest does not depend on fees.
        """
        within, inclusive = within_nests(
            self.utility[:, : self.couriers] - self.price_sensitivity[:, None] * fee_usd, self._tree
        )
        of_nest = np.column_stack([inclusive * self._tree.dissimilarity, self._outside])
        of_nest = np.exp(of_nest - of_nest.max(axis=1, keepdims=True))
        of_nest /= of_nest.sum(axis=1, keepdims=True)
        return within * of_nest[:, self._tree.of_channel], within

    @cached_property
    def _tree(self) -> Nests:
        """The couriers' part of the choice tree."""
        return _part_of(self.nests, self.nests.of_channel[: self.couriers])

    @cached_property
    def _outside(self) -> Floats:
        """Log-sum of the nests without couriers, float64 [n]; a nest has couriers or other channels, never both."""
        other = self.nests.of_channel[self.couriers :]
        if np.isin(other, self.nests.of_channel[: self.couriers]).any():
            raise ValueError("a nest of couriers must not have other channels")
        return log_sum(self.utility[:, self.couriers :], _part_of(self.nests, other))


def _part_of(nests: Nests, of_channel: Ints) -> Nests:
    """Return the part of a tree that some channels, int [c] by nest, belong to."""
    kept, renumbered = np.unique(of_channel, return_inverse=True)
    return Nests(renumbered, nests.dissimilarity[kept])


@dataclass(frozen=True)
class FeeGame:
    """Couriers who set fees against each other.

    Attributes
    ----------
    demand
        Of the sample.
    margin_usd
        float64 [n, J], what an order brings beside its fee: (sigma + kappa - phi) b - pay - support, $; negative as a
        rule, minus the unit cost.
    ownership
        float64 [J, J]; entry [k, j] is the part of j's profit that counts when fee k is set: 1 on the diagonal and
        among the couriers of one firm, 0 else.
    priced
        bool [J], fees that are set in the game; the others stay where they are.
    lowest_usd, highest_usd
        Limits of fees.
    """

    demand: Demand
    margin_usd: Floats
    ownership: Floats
    priced: Bools
    lowest_usd: float
    highest_usd: float

    @cached_property
    def _same_nest(self) -> Floats:
        nest = self.demand.nests.of_channel[: self.demand.couriers]
        return np.asarray(self.ownership * (nest[:, None] == nest))

    def profits(self, fee_usd: Floats) -> Floats:
        """Return each courier's expected profit from one occasion at prices, E[(p_nj + m_nj) P_nj], float64 [J], $."""
        mine, _ = self.demand.of_couriers(fee_usd)
        return np.asarray((mine * (fee_usd + self.margin_usd)).mean(axis=0))

    def objective(self, courier: int, fee_usd: Floats) -> float:
        """Return what the desk of a courier's fee maximises, the profits it counts at fees [J], $ per occasion."""
        return float(self.ownership[courier] @ self.profits(self.demand.price_usd(fee_usd)))

    def zeta(self, fee_usd: Floats) -> Floats:
        """Return the right side of the first-order conditions solved for the fees, f = zeta(f), float64 [J], $.

        With A_k = E[alpha P_k] / lambda, the gain from raising fee k and the loss of its own marginal buyers give
        A_k f_k = E[P_k] - E[alpha P_k m_k] / lambda
        + sum_j own_kj E[alpha (f_j + m_j) P_j ([g] (1 - lambda) / lambda P_{k|g} + P_k)],
        where all expectations are over those who pay fee k, as only they answer to it.

        Notes
        -----
        Morrow and Skerlos (2011), Fixed-point approaches to computing Bertrand-Nash equilibrium prices under mixed
        logit demand: this form, unlike the literal first-order condition, contracts and does not send prices to
        infinity. Here margins differ between shoppers.
        """
        pays_fee = self.demand.pays_fee
        gain, weight = (pays_fee * each for each in self.gains(self.demand.price_usd(fee_usd)))
        own_slope = weight.mean(axis=0)
        wanted = np.divide(gain.mean(axis=0), own_slope, out=fee_usd.copy(), where=self.priced & (own_slope > 0))
        return np.where(self.priced, np.clip(wanted, self.lowest_usd, self.highest_usd), fee_usd)

    def gains(self, price_usd: Floats) -> tuple[Floats, Floats]:
        """Return each shopper's part of both sides of A_k f_k = ..., and of A_k = E[alpha P_k] / lambda.

        Parameters
        ----------
        price_usd
            float64 [J], fees, or [n, J] where what is paid for a delivery differs between shoppers, $.

        Returns
        -------
        float64 [n, J] each: the right side, whose mean is A_k f_k at a best fee, and alpha P_k / lambda.
        """
        demand = self.demand
        mine, within = demand.of_couriers(price_usd)
        dissimilarity = demand.nests.of_each[: demand.couriers]
        felt = demand.price_sensitivity[:, None] * mine
        weight = felt / dissimilarity
        earned = felt * (price_usd + self.margin_usd)
        gain = mine - weight * self.margin_usd + (earned @ self.ownership.T) * mine
        nested = (1 - dissimilarity) / dissimilarity
        if nested.any():
            gain += nested * (earned @ self._same_nest.T) * within
        return gain, weight


def ownership_of(firms: tuple[str, ...]) -> Floats:
    """Return the ownership matrix of couriers that belong to firms of these names, float64 [J, J]."""
    names = np.array(firms)
    same: Floats = np.equal(names[:, None], names).astype(np.float64)
    return same
