"""Couriers: delivery platforms with their fees, pay, quotes and promises (model 7.5, 7.6)."""

from dataclasses import dataclass
from typing import Annotated, Literal, Protocol

import mesa
import numpy as np
from pydantic import Field

from agents.arrays import Bools, Floats
from agents.parameters import HourOfDay, NonNegative, Parameters, Positive, Share


class ObservedGigSettings(Parameters):
    """What customers faced when the shares of channels were observed."""

    fee_usd: NonNegative
    service_rate: Share
    markup: Share
    preparation_min: NonNegative
    listed_share: Share


class ObservedVanSettings(Parameters):
    """The same for a courier with vans."""

    fee_usd: NonNegative
    service_rate: Share
    markup: Share
    quote_h: Positive


class PaySettings(Parameters):
    """Pay of an order: max(base + per km + per minute from the store to the door, floor)."""

    base_usd: NonNegative
    per_km_usd: NonNegative
    per_min_usd: NonNegative
    floor_usd: NonNegative


class QuoteSettings(Parameters):
    """Moving averages behind the quoted time."""

    rate: Share
    safety: NonNegative
    initial_sd_min: NonNegative


class _CourierSettings(Parameters):
    firm: str
    active: bool
    constant_of: str | None
    quality_usd: Annotated[float, Field(ge=-100, le=100)]
    fee_usd: Annotated[float, Field(ge=0, le=1000)]
    service_rate: Share
    markup: Share
    commission: Share
    processing_rate: Share
    support_usd: NonNegative


class GigCourierSettings(_CourierSettings):
    """A courier whose orders gig drivers collect at stores; units and sources stand in conf/courier."""

    fulfilment: Literal["gig"]
    observed: ObservedGigSettings
    listed_share: Share
    mall_pickup_share: Share
    service_radius_km: Positive
    tip_usd: NonNegative
    pay: PaySettings
    quote: QuoteSettings
    pending_per_driver: Positive
    patience_h: NonNegative


class TourSettings(Parameters):
    """Van tours from the warehouse."""

    leaves_h: HourOfDay
    stops_per_route: Positive
    parcels_per_stop: Annotated[float, Field(ge=1)]
    tour_constant: Positive
    speed_km_per_h: Positive
    stop_min: NonNegative
    load_min: NonNegative
    cost_usd_per_h: NonNegative
    cost_usd_per_km: NonNegative


class VanCourierSettings(_CourierSettings):
    """A courier that ships from the warehouse by van; units and sources stand in conf/courier."""

    fulfilment: Literal["van"]
    observed: ObservedVanSettings
    quote_h: Positive
    tours: TourSettings


CourierSettings = Annotated[GigCourierSettings | VanCourierSettings, Field(discriminator="fulfilment")]


class Fleet(Protocol):
    """How a courier gets parcels to the door: gig drivers or vans."""

    @property
    def waiting(self) -> list[int]:
        """Orders that nobody carries yet, rows in order of placement."""

    @property
    def is_matching(self) -> bool:
        """Whether there are orders that the next interval's `dispatch` may match with drivers."""

    def take(self, rows: list[int]) -> None:
        """Take orders that were just placed, rows in order of time."""

    def dispatch(self, now_s: float) -> None:
        """Decide at `now_s` who delivers what."""

    def next_event_s(self, now_s: float) -> float:
        """Give the next time at which `dispatch` may do something that it could not do at `now_s`."""

    def requote(self, now_s: float) -> float:
        """Learn from what has happened by `now_s`; give the quoted hours, inf for no service."""

    def close_day(self, day: int) -> float:
        """Do what is done once a day; give what the courier's own vehicles cost, $."""


@dataclass(frozen=True)
class Terms:
    """What a courier offers customers and stores today.

    Attributes
    ----------
    active
        Whether it takes orders at all.
    quality_usd
        What customers would pay for it beyond the channel whose constant it has.
    fee_usd, service_rate, markup
        Price of a delivery: fee, and rates on the basket.
    commission
        Rate on the basket, paid by the store.
    tip_usd
        Tip that customers give the driver.
    tax_usd
        float64 [n], tax on a delivery for each of the day's occasions.
    listed
        bool [R], stores on its app; None for goods from the warehouse.
    mall_pickup_share, service_radius_km
        Of a gig courier's orders, see `GigCourierSettings`.
    """

    active: bool
    quality_usd: float
    fee_usd: float
    service_rate: float
    markup: float
    commission: float
    tip_usd: float
    tax_usd: Floats
    listed: Bools | None
    mall_pickup_share: float
    service_radius_km: float


def gig_terms(settings: GigCourierSettings, commission: float, tax_usd: Floats, listed: Bools) -> Terms:
    """Post a gig courier's terms; commission, tax and listed stores as policies and stores have them today."""
    return Terms(
        settings.active,
        settings.quality_usd,
        settings.fee_usd,
        settings.service_rate,
        settings.markup,
        commission,
        settings.tip_usd,
        tax_usd,
        listed,
        settings.mall_pickup_share,
        settings.service_radius_km,
    )


def van_terms(settings: VanCourierSettings, tax_usd: Floats) -> Terms:
    """Post the terms of a courier with vans."""
    return Terms(
        settings.active,
        settings.quality_usd,
        settings.fee_usd,
        settings.service_rate,
        settings.markup,
        settings.commission,
        0.0,
        tax_usd,
        None,
        0.0,
        np.inf,
    )


class Courier(mesa.Agent):  # type: ignore[misc]  # Mesa is untyped
    """One delivery platform's channel; the fleet decides how it delivers.

    Attributes
    ----------
    number
        Its position in the config, which is also its channel and its bit in drivers' sets of apps.
    quote_h
        Hours quoted from order to departure (gig) or to the door (van); inf when it takes no orders.
    """

    def __init__(
        self,
        model: mesa.Model,
        number: int,
        name: str,
        settings: GigCourierSettings | VanCourierSettings,
        fleet: Fleet,
    ) -> None:
        super().__init__(model)
        self.number = number
        self.name = name
        self.settings = settings
        self.fleet = fleet
        self.quote_h = fleet.requote(0.0)

    def requote(self, now_s: float) -> None:
        """Renew the quote."""
        self.quote_h = self.fleet.requote(now_s)

    def dispatch(self, now_s: float) -> None:
        """Decide who delivers what."""
        self.fleet.dispatch(now_s)


def pay(settings: PaySettings, km: Floats, minutes: Floats) -> Floats:
    """Compute the pay offered for trips, max(base + p_km km + p_min minutes, floor), $; km and minutes loaded."""
    offered = settings.base_usd + settings.per_km_usd * km + settings.per_min_usd * minutes
    return np.maximum(offered, settings.floor_usd)
