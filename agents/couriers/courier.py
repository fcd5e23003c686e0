"""Couriers: delivery platforms with their fees, quotes and promises, and the fleets that deliver (model 7.5, 7.6)."""

import mesa

from galleria.agents.couriers.fleet import Fleet
from galleria.agents.couriers.posted import Posted
from galleria.agents.couriers.settings import AnyCourierSettings


class Courier(mesa.Agent):  # type: ignore[misc]  # Mesa is untyped
    """One delivery platform's channel; the fleet decides how it delivers.

    Attributes
    ----------
    number
        Its position in the config, which is also its channel and its bit in drivers' sets of apps.
    quote_h
        Hours quoted from order to departure (gig) or to the door (van); inf when it takes no orders.
    posted
        What it posts today: whether it is there, its fee, its pay, its promise.
    removed
        Whether it has been taken out of the run, so that it leaves the market with the next day, and stays out.
    """

    def __init__(
        self,
        model: mesa.Model,
        number: int,
        name: str,
        settings: AnyCourierSettings,
        posted: Posted,
        fleet: Fleet,
    ) -> None:
        super().__init__(model)
        self.number = number
        self.name = name
        self.settings = settings
        self.posted = posted
        self.fleet = fleet
        self.quote_h = fleet.requote(0.0)
        self.removed = False

    def remove(self) -> None:
        """Leave the market for good with the next day; what drivers carry is still delivered."""
        self.removed = True
        super().remove()

    def requote(self, now_s: float) -> None:
        """Renew the quote."""
        self.quote_h = self.fleet.requote(now_s)

    def dispatch(self, now_s: float) -> None:
        """Decide who delivers what."""
        self.fleet.dispatch(now_s)
