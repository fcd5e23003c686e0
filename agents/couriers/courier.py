"""Couriers: delivery platforms with their fees, pay, quotes and promises (model 7.5, 7.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import mesa
import numpy as np
from pydantic import BeforeValidator, Field

from agents.couriers.quotes import PromiseSettings, QuoteSettings, SurgeSettings
from agents.customers.sourcing import PickupSource, Source, StoreSource, WarehouseSource
from agents.drivers.contracts import ContractSettings
from agents.fleets.fleet import Fleet
from agents.kernel.arrays import Bools, Floats, Ints
from agents.kernel.parameters import HourOfDay, NonNegative, Parameters, Positive, Share


class ObservedGigSettings(Parameters):
    """What customers faced when the shares of channels were observed."""

    fee_usd: NonNegative
    service_rate: Share
    markup: Share
    tip_usd: NonNegative
    preparation_min: NonNegative
    listed_share: Share
    mall_pickup_share: Share
    service_radius_km: Positive


class ObservedVanSettings(Parameters):
    """The same for a courier with vans."""

    fee_usd: NonNegative
    service_rate: Share
    markup: Share
    quote_h: Positive


class ObservedPickupSettings(Parameters):
    """The same for orders that customers collect."""

    fee_usd: NonNegative
    service_rate: Share
    markup: Share
    preparation_min: NonNegative


class PaySettings(Parameters):
    """Pay of a trip: max(base + per km + per minute from the store on + per parcel after the first, floor)."""

    base_usd: NonNegative
    per_km_usd: NonNegative
    per_min_usd: NonNegative
    per_drop_usd: NonNegative
    floor_usd: NonNegative


def one_owner(firm: object) -> object:
    """Refuse several owners of one channel.

    Raises
    ------
    ValueError
        If it is a list; a merger gives one firm to two couriers.
    """
    if isinstance(firm, Sequence) and not isinstance(firm, str):
        raise ValueError("a channel has one owner; after a merger, give both couriers the same firm")  # noqa: TRY004
    return firm


class _CourierSettings(Parameters):
    firm: Annotated[str, BeforeValidator(one_owner)]
    active: bool
    constant_of: str | None
    quality_usd: Annotated[float, Field(ge=-100, le=100)]
    fee_usd: Annotated[float, Field(ge=0, le=1000)]
    service_rate: Share
    markup: Share
    commission: Share
    commission_usd: NonNegative
    processing_rate: Share
    support_usd: NonNegative


class GigCourierSettings(_CourierSettings):
    """A courier whose orders gig drivers collect at stores; units and sources stand in conf/courier."""

    fulfilment: Literal["gig"]
    collects_at: Literal["stores", "warehouse"]
    warehouse_preparation_min: NonNegative
    big_box_chain: str | None
    observed: ObservedGigSettings
    listed_share: Share
    mall_pickup_share: Share
    service_radius_km: Positive
    tip_usd: NonNegative
    pay: PaySettings
    contract: ContractSettings
    surge: SurgeSettings
    quote: QuoteSettings
    promise: PromiseSettings
    pending_per_driver: Positive
    patience_h: NonNegative


class TourSettings(Parameters):
    """Van tours from the warehouse."""

    routes: Literal["approximate", "own", "pyvrp"]
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


class VanCourierSettings(_CourierSettings):
    """A courier that ships from the warehouse by van; units and sources stand in conf/courier."""

    fulfilment: Literal["van"]
    seller: Literal["marketplace", "store"]
    lag_days: Annotated[int, Field(ge=1, le=30)]
    observed: ObservedVanSettings
    quote_h: Positive
    tours: TourSettings


class PickupCourierSettings(_CourierSettings):
    """Orders on line that customers collect at a big box; units and sources stand in conf/courier."""

    fulfilment: Literal["pickup"]
    observed: ObservedPickupSettings
    big_box_chain: str | None
    visit_min: NonNegative
    preparation_min: NonNegative


type AnyCourierSettings = GigCourierSettings | VanCourierSettings | PickupCourierSettings
CourierSettings = Annotated[
    GigCourierSettings | VanCourierSettings | PickupCourierSettings, Field(discriminator="fulfilment")
]


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
    commission, commission_usd
        Rate on the basket and amount per order, paid by the seller.
    tip_usd
        Tip that customers give the driver.
    credit_usd
        What a customer gets back whose parcel is late.
    added_fee_usd, tax_usd
        float64 [n], what policies bring on the fee, and tax on a delivery, for each of the day's occasions.
    source
        Where the goods come from.
    """

    active: bool
    quality_usd: float
    fee_usd: float
    service_rate: float
    markup: float
    commission: float
    commission_usd: float
    tip_usd: float
    credit_usd: float
    added_fee_usd: Floats
    tax_usd: Floats
    source: Source


def post_terms(settings: AnyCourierSettings, commission: float, tax_usd: Floats, source: Source) -> Terms:
    """Post a courier's terms; commission, tax and source as policies and stores have them today."""
    return Terms(
        active=settings.active,
        quality_usd=settings.quality_usd,
        fee_usd=settings.fee_usd,
        service_rate=settings.service_rate,
        markup=settings.markup,
        commission=commission,
        commission_usd=settings.commission_usd,
        tip_usd=settings.tip_usd if isinstance(settings, GigCourierSettings) else 0.0,
        credit_usd=settings.promise.credit_usd if isinstance(settings, GigCourierSettings) else 0.0,
        added_fee_usd=np.zeros_like(tax_usd),
        tax_usd=tax_usd,
        source=source,
    )


def packs_on_order(settings: AnyCourierSettings) -> bool:
    """Return whether stores' pickers pack a courier's orders, and not a warehouse."""
    return not isinstance(settings, VanCourierSettings) and getattr(settings, "collects_at", "stores") == "stores"


def source_of(settings: AnyCourierSettings, listed: Bools, warehouse: int) -> Source:
    """Return the source of a courier's goods.

    Parameters
    ----------
    settings
        Of the courier.
    listed
        bool [R], stores on its app.
    warehouse
        Place of the warehouse.
    """
    if isinstance(settings, PickupCourierSettings):
        return PickupSource(settings.big_box_chain, settings.visit_min / 60)
    if isinstance(settings, VanCourierSettings):
        sold_by_stores = settings.seller == "store"
        return WarehouseSource(warehouse, sold_by_stores, by_tour=True, radius_km=np.inf, preparation_s=0.0)
    if settings.collects_at == "warehouse":
        preparation_s, radius_km = settings.warehouse_preparation_min * 60, settings.service_radius_km
        return WarehouseSource(
            warehouse, sold_by_stores=False, by_tour=False, radius_km=radius_km, preparation_s=preparation_s
        )
    return StoreSource(listed, settings.mall_pickup_share, settings.service_radius_km, settings.big_box_chain)


class Courier(mesa.Agent):  # type: ignore[misc]  # Mesa is untyped
    """One delivery platform's channel; the fleet decides how it delivers.

    Attributes
    ----------
    number
        Its position in the config, which is also its channel and its bit in drivers' sets of apps.
    quote_h
        Hours quoted from order to departure (gig) or to the door (van); inf when it takes no orders.
    active, fee_usd
        Whether it is in the market, and its fee; both may change from week to week.
    """

    def __init__(
        self,
        model: mesa.Model,
        number: int,
        name: str,
        settings: AnyCourierSettings,
        fleet: Fleet,
    ) -> None:
        super().__init__(model)
        self.number = number
        self.name = name
        self.settings = settings
        self.fleet = fleet
        self.quote_h = fleet.requote(0.0)
        self.active = settings.active
        self.fee_usd = settings.fee_usd

    def requote(self, now_s: float) -> None:
        """Renew the quote."""
        self.quote_h = self.fleet.requote(now_s)

    def dispatch(self, now_s: float) -> None:
        """Decide who delivers what."""
        self.fleet.dispatch(now_s)


def pay(settings: PaySettings, km: Floats, minutes: Floats, parcels: Floats | Ints | float = 1.0) -> Floats:
    """Compute the pay offered for trips, max(base + p_km km + p_min minutes + p_drop (parcels - 1), floor), $.

    Km and minutes are those with parcels.
    """
    offered = settings.base_usd + settings.per_km_usd * km + settings.per_min_usd * minutes
    return np.maximum(offered + settings.per_drop_usd * (parcels - 1), settings.floor_usd)
