"""Recovery: what couriers add to fees for what policies cost them, at the orders it leads to (model 8).

Under floors on hours the cost by the order grows as orders fall. Passing on what that was yesterday chases itself: a
higher fee, fewer orders, more cost by the order (the instability of Asadpour, Lobel and van Ryzin 2023, Minimum
earnings regulation and the stability of marketplaces). So couriers add what one more order costs, at the orders that
this leads to; whether any addition could bring back all that policies cost is told beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from galleria.agents.kernel.arrays import Bools, Floats

STEPS = 200
TOLERANCE_USD = 1e-4


@dataclass(frozen=True)
class Recovery:
    """Couriers who add to their fees what policies cost them.

    Attributes
    ----------
    orders
        From additions, float64 [J], $, to orders, float64 [J].
    usd_per_further_order, usd_per_order
        From orders, float64 [J], to what policies cost of one more, and of each on average, float64 [J], $.
    share
        Part of the cost that is passed on.
    most_usd, step_usd
        Largest addition; distance of those that are tried where it is asked whether any recovers the cost.
    """

    orders: Callable[[Floats], Floats]
    usd_per_further_order: Callable[[Floats], Floats]
    usd_per_order: Callable[[Floats], Floats]
    share: float
    most_usd: float
    step_usd: float

    def additions(self, couriers: int) -> Floats:
        """Return the smallest x with x = min(share x cost of one more order at orders(x), most), float64 [J], $.

        From nothing up; where it does not come to rest it is where the last step ended.
        """
        added = np.zeros(couriers)
        for _ in range(STEPS):
            wanted = np.minimum(self.share * self.usd_per_further_order(self.orders(added)), self.most_usd)
            if np.abs(wanted - added).max(initial=0.0) <= TOLERANCE_USD:
                return np.asarray(wanted)
            added = wanted
        return added

    def out_of_reach(self, couriers: int) -> Bools:
        """Tell whose cost no addition brings back, the same with all couriers and up to the most, bool [J]."""
        short = np.ones(couriers, np.bool_)
        for addition in np.arange(0.0, self.most_usd + self.step_usd / 2, self.step_usd).tolist():
            placed = self.orders(np.full(couriers, addition))
            short &= addition < self.share * self.usd_per_order(placed) - TOLERANCE_USD
            if not short.any():
                break
        return short
