"""Settings of customers: how often they shop, for what, and what they value (model 7.1, 7.2)."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from galleria.agents.kernel.parameters import (
    EVERY_HOUR,
    NonNegative,
    Parameters,
    Positive,
    SdLog,
    Share,
    shares_sum_to_one,
)


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


class PurposeSettings(Parameters):
    """What an occasion is for: how many there are, what an hour counts, what is bought, what going without costs."""

    share: Share
    value_of_delivery_time_usd_per_h: NonNegative
    basket: Positive
    need: NonNegative
    travel_time_weight: Share
    in_mall: bool


class DissimilaritySettings(Parameters):
    """Lambda of the nests of the choice tree."""

    on_demand: Annotated[float, Field(gt=0, le=1)]
    shipped: Annotated[float, Field(gt=0, le=1)]
    store: Annotated[float, Field(gt=0, le=1)]


class TripSettings(Parameters):
    """What the customer's own trip to a store costs."""

    car_cost_usd_per_km: NonNegative
    mall_h: NonNegative
    big_box_h: NonNegative
    time_by_basket: Share


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
    members_share: Share
    purposes: Annotated[dict[str, PurposeSettings], Field(min_length=1)]
    dissimilarity: DissimilaritySettings
    trip: TripSettings
    lateness_weight: NonNegative
    variety_usd: NonNegative
    quote_cap_h: Positive
    inertia_usd: NonNegative
    tip_left_after_checkout: Annotated[float, Field(gt=0, le=1)]
    memory: MemorySettings
    observed_share: dict[str, Annotated[float, Field(gt=0, lt=1)]]
    calibration: CalibrationSettings

    @model_validator(mode="after")
    def _sums(self) -> Self:
        shares_sum_to_one("observed_share", list(self.observed_share.values()))
        shares_sum_to_one("hour_weights", list(self.hour_weights))
        shares_sum_to_one("the shares of purposes", [purpose.share for purpose in self.purposes.values()])
        return self
