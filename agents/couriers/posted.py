"""What a courier posts today: whether it is there, its fee, the pay of its drivers, its promise (model 7.5, 7.6)."""

from dataclasses import dataclass
from typing import Self

from galleria.agents.couriers.pay import PaySettings
from galleria.agents.couriers.quotes import PromiseSettings
from galleria.agents.couriers.settings import AnyCourierSettings


@dataclass
class Posted:
    """What customers, drivers and rivals see; the fleet reads it, and decisions from week to week change it.

    Attributes
    ----------
    active
        Whether the courier is in the market.
    fee_usd, service_rate
        Its delivery fee before policies, and its rate on the basket.
    pay
        Pay of a trip, before policies; nothing where nobody is paid by the trip.
    promise
        Its promise to customers, after policies.
    """

    active: bool
    fee_usd: float
    service_rate: float
    pay: PaySettings
    promise: PromiseSettings

    @classmethod
    def at_first(cls, settings: AnyCourierSettings) -> Self:
        """Return what the settings post."""
        return cls(settings.active, settings.fee_usd, settings.service_rate, settings.trip_pay, settings.promised)

    def set_base_pay(self, base_usd: float) -> None:
        """Post another base pay."""
        self.pay = self.pay.model_copy(update={"base_usd": base_usd})
