"""Customers: households, their shopping occasions, how they choose a channel and what they remember (model 7.2)."""

from typing import Annotated, Self

import numpy as np
from pydantic import Field, model_validator

from agents.customers.choice import Nests
from agents.kernel.arrays import Floats, Ints
from agents.kernel.parameters import EVERY_HOUR, NonNegative, Parameters, Positive, SdLog, Share, shares_sum_to_one
from agents.kernel.population import Column, Handle, Population

STORE_MALL, STORE_BIG_BOX, NONE = "store_mall", "store_big_box", "none"


class BasketSettings(Parameters):
    """Lognormal value of a basket."""

    mean_usd: Positive
    sd_log: SdLog


class PriceSensitivitySettings(Parameters):
    """Lognormal alpha_n, utils per $."""

    mean_per_usd: Positive
    sd_log: SdLog


class TravelTimeSettings(Parameters):
    """Lognormal value of travel time."""

    mean_usd_per_h: NonNegative
    sd_log: SdLog


class SegmentSettings(Parameters):
    """A latent class of impatience."""

    share: Share
    value_of_delivery_time_usd_per_h: NonNegative


class DissimilaritySettings(Parameters):
    """Lambda of the nests of the choice tree."""

    delivery: Annotated[float, Field(gt=0, le=1)]
    store: Annotated[float, Field(gt=0, le=1)]


class TripSettings(Parameters):
    """What the customer's own trip to a store costs."""

    car_cost_usd_per_km: NonNegative
    travel_time_weight: Share
    mall_h: NonNegative
    big_box_h: NonNegative


class MemorySettings(Parameters):
    """How lateness is remembered by zone and channel."""

    rate: Share
    cancelled_h: NonNegative


class CalibrationSettings(Parameters):
    """How the channel constants are inverted from the observed shares."""

    sample: Annotated[int, Field(ge=100, le=1_000_000)]
    tolerance: Annotated[float, Field(gt=0, le=0.01)]


class CustomerSettings(Parameters):
    """Who shops, how often, and what they value; units and sources stand in conf/customers."""

    occasions_per_household_day: Annotated[float, Field(ge=0, le=20)]
    hour_weights: Annotated[tuple[NonNegative, ...], EVERY_HOUR]
    basket: BasketSettings
    price_sensitivity: PriceSensitivitySettings
    value_of_travel_time: TravelTimeSettings
    segments: Annotated[dict[str, SegmentSettings], Field(min_length=1)]
    dissimilarity: DissimilaritySettings
    trip: TripSettings
    lateness_weight: NonNegative
    variety_usd: NonNegative
    quote_cap_h: Positive
    inertia_usd: NonNegative
    memory: MemorySettings
    observed_share: dict[str, Annotated[float, Field(gt=0, lt=1)]]
    calibration: CalibrationSettings

    @model_validator(mode="after")
    def _sums(self) -> Self:
        shares_sum_to_one("observed_share", list(self.observed_share.values()))
        shares_sum_to_one("hour_weights", list(self.hour_weights))
        shares_sum_to_one("the shares of segments", [segment.share for segment in self.segments.values()])
        return self


class Households(Population):
    """Everyone who may shop; tastes belong to the person and stay the same under every policy."""

    home = Column(np.int32, "place", "where the household lives")
    zone = Column(np.int16, "-", "zone of the home")
    segment = Column(np.int8, "-", "latent class of impatience")
    price_sensitivity = Column(np.float64, "1/$", "utils per dollar, alpha")
    delay_usd_per_h = Column(np.float64, "$/h", "value of delivery time")
    travel_usd_per_h = Column(np.float64, "$/h", "value of travel time")
    last_channel = Column(np.int8, "-", "channel of the last occasion, -1 for none")
    entered = Column(np.bool_, "-", "whether the household has shopped and so become a Mesa agent")


class Customer(Handle):
    """One household that has shopped; its attributes are the columns of `Households`."""


class Occasions(Population):
    """One day's shopping occasions in the order of arrival: the replayable shopper table."""

    arrive_s = Column(np.float64, "s", "arrival since the start of day 0")
    household = Column(np.int32, "-", "row of the household")
    basket_usd = Column(np.float64, "$", "value of the goods wanted, at shelf prices")
    category = Column(np.int8, "-", "kind of goods wanted")
    store_pick = Column(np.float64, "-", "uniform: which of the stores on offer is chosen")
    source_pick = Column(np.float64, "-", "uniform: whether a rival's order is for the mall or the big box")
    stock_pick = Column(np.float64, "-", "uniform: whether the goods are where the records say")
    picking_s = Column(np.float64, "s", "time a picker would need for the basket")
    noise = Column(np.float64, "utils", "GEV taste for each channel", per="channel")
    utility = Column(np.float64, "utils", "V of each channel as quoted at the choice", per="channel")
    choice = Column(np.int8, "-", "chosen channel, -1 before the choice")


def delivery_cost(
    fee_usd: Floats,
    tip_usd: float,
    tax_usd: Floats,
    rate: float,
    basket_usd: Floats,
) -> Floats:
    """Compute what a delivery costs beside the goods, f + tip + tax + (mu + sigma) b, $; `rate` is mu + sigma."""
    return fee_usd + tip_usd + tax_usd + rate * basket_usd


def trip_cost(settings: TripSettings, km: Floats, hours: Floats, shopping_h: float, travel_usd_per_h: Floats) -> Floats:
    """Compute the felt cost of a return trip to a store, c_car 2 d + theta VOT (2 tau + s), $.

    Parameters
    ----------
    settings
        Car cost and the weight theta.
    km, hours
        float64 [n], one way.
    shopping_h
        Time in the store, h.
    travel_usd_per_h
        float64 [n], VOT.
    """
    time_usd = settings.travel_time_weight * travel_usd_per_h * (2 * hours + shopping_h)
    return settings.car_cost_usd_per_km * 2 * km + time_usd


def variety(settings: CustomerSettings, stores: Floats) -> Floats:
    """Compute the value of having that many stores to choose from, phi ln(1 + A), $."""
    return settings.variety_usd * np.log1p(stores)


def choose_channel(utility: Floats, noise: Floats) -> Ints:
    """Choose the channel with the largest V + eps; utility is -inf where a channel is not to be had.

    Parameters
    ----------
    utility, noise
        float64 [n, C], utils.

    Returns
    -------
    int64 [n], the chosen channel's number.
    """
    return np.asarray((utility + noise).argmax(axis=1))


def remember(memory_h: Floats, zone: Ints, channel: Ints, lateness_h: Floats, rate: float) -> Floats:
    """Update the remembered lateness, L <- (1 - rho) L + rho mean(lateness), where there was an order.

    Parameters
    ----------
    memory_h
        float64 [Z, C], h; not changed.
    zone, channel
        int [m], of each order that ended today.
    lateness_h
        float64 [m], max(0, realised - quoted), h.
    rate
        rho.

    Returns
    -------
    float64 [Z, C].
    """
    count = np.zeros_like(memory_h)
    total = np.zeros_like(memory_h)
    np.add.at(count, (zone, channel), 1)
    np.add.at(total, (zone, channel), lateness_h)
    mean = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
    return np.where(count > 0, (1 - rate) * memory_h + rate * mean, memory_h)


def choice_tree(settings: CustomerSettings, couriers: int) -> Nests:
    """Build the tree {couriers}, {store_mall, store_big_box}, {none} in the order of the channels."""
    nest = np.array([0] * couriers + [1, 1, 2])
    return Nests(nest, np.array([settings.dissimilarity.delivery, settings.dissimilarity.store, 1.0]))


def channel_names(couriers: tuple[str, ...]) -> tuple[str, ...]:
    """Name the channels: the couriers in the order of the config, the two kinds of store, not buying."""
    return (*couriers, STORE_MALL, STORE_BIG_BOX, NONE)
