"""Restaurant meals: the terms on which couriers carry them beside the orders of the market (model 7.5)."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from galleria.agents.couriers.kinds.gig import GigCourierSettings
from galleria.agents.couriers.pay import PaySettings
from galleria.agents.couriers.settings import AnyCourierSettings
from galleria.agents.customers.channels import MALL_DIRECT
from galleria.agents.customers.meals import MealChoiceSettings
from galleria.agents.kernel.parameters import (
    EVERY_HOUR,
    NonNegative,
    Parameters,
    Positive,
    SdLog,
    Share,
    shares_sum_to_one,
)


class MealBasketSettings(Parameters):
    """Value of the food of an order, lognormal."""

    mean_usd: Positive
    sd_log: SdLog


class PreparationSettings(Parameters):
    """Time from the order to the packed meal, lognormal."""

    mean_min: NonNegative
    cv: Annotated[float, Field(ge=0, le=1.5)]


class ObservedMealSettings(Parameters):
    """Terms that couriers may come to change, as they were when `orders_per_household_day` was observed."""

    fee_usd: NonNegative
    commission: Share


class MealSettings(Parameters):
    """Meals, who orders them, and what comes of each; units and sources stand in conf/meals."""

    couriers: Mapping[str, NonNegative] | None
    orders_per_household_day: Annotated[float, Field(ge=0, le=2)]
    choice: MealChoiceSettings
    observed: ObservedMealSettings
    hour_weights: Annotated[list[NonNegative], EVERY_HOUR]
    restaurants_per_1000_households: Positive
    radius_km: Positive
    decay_km: Positive
    basket: MealBasketSettings
    preparation: PreparationSettings
    first_quote_min: NonNegative
    handover_min: NonNegative
    pay: PaySettings
    tip_usd: NonNegative
    fee_usd: NonNegative
    service_rate: Share
    markup: Share
    commission: Share
    processing_rate: Share
    support_usd: NonNegative
    restaurant_margin: Share

    @model_validator(mode="after")
    def _is_a_day(self) -> "MealSettings":
        shares_sum_to_one("meals.hour_weights", self.hour_weights)
        return self

    def weights(self, couriers: Mapping[str, AnyCourierSettings]) -> dict[str, float]:
        """Return the weight of each courier in who is asked for a meal, 0 for those that carry none."""
        if self.couriers is not None:
            return {name: self.couriers.get(name, 0.0) for name in couriers}
        return {name: float(name != MALL_DIRECT and each.carries_for_anyone) for name, each in couriers.items()}

    def carried_by(self, courier: GigCourierSettings) -> GigCourierSettings:
        """Return the settings of a courier's fleet for meals: its own quotes and patience, and the pay of meals."""
        seen = courier.observed.model_copy(update={"preparation_min": self.first_quote_min})
        flat = courier.surge.model_copy(update={"gain": 0.0})
        promise = courier.promise.model_copy(update={"hours": None, "credit_usd": 0.0})
        update = {"observed": seen, "surge": flat, "promise": promise, "pay": self.pay, "tip_usd": self.tip_usd}
        return courier.model_copy(update=update)
