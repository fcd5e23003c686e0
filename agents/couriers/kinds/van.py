"""Couriers that ship from the warehouse by van."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from galleria.agents.couriers.kinds.base import AppFreeSettings, ObservedSettings, Seller
from galleria.agents.customers.sourcing import Source, WarehouseSource
from galleria.agents.kernel.arrays import Bools, Floats
from galleria.agents.kernel.parameters import HourOfDay, NonNegative, Parameters, Positive


class ObservedVanSettings(ObservedSettings):
    """The same for a courier with vans."""

    quote_h: Positive


class TourSettings(Parameters):
    """Van tours from the warehouse."""

    routes: Literal["approximate", "pyvrp"]
    search_iterations: Annotated[int, Field(ge=1)]
    leaves_h: HourOfDay
    stops_per_route: Positive
    parcels_per_stop: Annotated[float, Field(ge=1)]
    tour_constant: Positive
    speed_km_per_h: Positive
    stop_min: NonNegative
    load_min: NonNegative
    cost_usd_per_h: NonNegative
    cost_usd_per_km: NonNegative
    background_stops: NonNegative


class VanCourierSettings(AppFreeSettings):
    """A courier that ships from the warehouse by van; units and sources stand in conf/courier."""

    fulfilment: Literal["van"]
    seller: Literal["marketplace", "store"]
    lag_days: Annotated[int, Field(ge=1, le=30)]
    observed: ObservedVanSettings
    quote_h: Positive
    tours: TourSettings

    def source(self, listed: Bools, warehouse: int, weight: Floats | None = None) -> Source:
        """Return the warehouse, for goods of the marketplace or of stores that sell on their own sites."""
        del listed, weight
        return WarehouseSource(warehouse, self.seller == "store", by_tour=True, radius_km=np.inf, preparation_s=0.0)

    @property
    def runs_tours(self) -> bool:
        """Whether parcels go out on tours: always."""
        return True

    @property
    def packs_on_order(self) -> bool:
        """Never: the warehouse packs for the tours."""
        return False

    @property
    def sellers(self) -> tuple[Seller, ...]:
        """Mall stores that sell on their own sites, or the marketplace's sellers."""
        return ("mall",) if self.seller == "store" else ("marketplace",)

    @property
    def observed_quote_h(self) -> float:
        """Time to the door."""
        return self.observed.quote_h
