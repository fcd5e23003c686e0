"""Delivery taxes: a public fee on each delivery, perhaps of large baskets or of gig couriers only."""

from typing import Literal

import numpy as np

from galleria.agents.couriers.kinds.base import Fulfilment
from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.parameters import NonNegative
from galleria.agents.regulator.policy import PlacedSettings, Policy, policy


class DeliveryTaxSettings(PlacedSettings):
    """Amount per order, least basket on which it is due, whose deliveries are taxed, and whether meals are."""

    usd_per_order: NonNegative
    least_basket_usd: NonNegative
    taxed: Literal["all", "gig"]
    meals: bool


@policy("delivery_tax")
class DeliveryTax(Policy[DeliveryTaxSettings]):
    """Charges customers an amount per order."""

    Settings = DeliveryTaxSettings

    def tax(self, basket_usd: Floats, fulfilment: Fulfilment) -> Floats:
        """Tax baskets from the least one on."""
        due = (basket_usd >= self.settings.least_basket_usd) & (fulfilment == "gig" or self.settings.taxed == "all")
        return np.where(due, self.settings.usd_per_order, 0.0)

    def meal_tax(self, basket_usd: Floats) -> Floats:
        """Tax restaurant meals, which gig drivers bring, where they are not exempt."""
        return self.tax(basket_usd, "gig") if self.settings.meals else np.zeros_like(basket_usd)
