"""Orders on line that customers collect themselves."""

from typing import Literal

from galleria.agents.couriers.kinds.base import AppFreeSettings, ObservedSettings, Seller
from galleria.agents.customers.sourcing import PickupSource, Source
from galleria.agents.kernel.arrays import Bools, Floats
from galleria.agents.kernel.parameters import NonNegative


class ObservedPickupSettings(ObservedSettings):
    """The same for orders that customers collect."""

    preparation_min: NonNegative


class PickupCourierSettings(AppFreeSettings):
    """Orders on line that customers collect at a big box; units and sources stand in conf/courier."""

    fulfilment: Literal["pickup"]
    observed: ObservedPickupSettings
    big_box_chain: str | None
    visit_min: NonNegative
    preparation_min: NonNegative

    def source(self, listed: Bools, warehouse: int, weight: Floats | None = None) -> Source:
        """Return the big box to which the customer drives."""
        del listed, warehouse, weight
        return PickupSource(self.big_box_chain, self.visit_min / 60)

    @property
    def collected_by_customer(self) -> bool:
        """Whether customers drive to the store themselves: always."""
        return True

    @property
    def sellers(self) -> tuple[Seller, ...]:
        """The big box."""
        return ("big_box",)

    @property
    def observed_quote_h(self) -> float:
        """Time until the order is packed."""
        return self.observed.preparation_min / 60
