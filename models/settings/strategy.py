"""Settings of what couriers decide from week to week; units and sources stand in conf/strategy and conf/market."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from galleria.agents.couriers.broker import BrokerSettings
from galleria.agents.kernel.parameters import NonNegative, Parameters, Positive

type Fulfilment = Literal["gig", "van", "pickup"]


class FixedFeesSettings(Parameters):
    """Fees stay as the couriers' settings post them."""

    rule: Literal["fixed"]


class _BetweenSettings(Parameters):
    """Limits of what is set."""

    lowest_usd: NonNegative
    highest_usd: Annotated[float, Field(gt=0, le=1000)]

    @model_validator(mode="after")
    def _limits(self) -> Self:
        if self.lowest_usd >= self.highest_usd:
            raise ValueError(f"lowest_usd ({self.lowest_usd:g}) must be below highest_usd ({self.highest_usd:g})")
        return self


class _SetFeesSettings(_BetweenSettings):
    of: Annotated[tuple[Fulfilment, ...], Field(min_length=1)]


class HillClimbSettings(_SetFeesSettings):
    """Each week a firm moves one fee a step, and turns round when its profit fell."""

    rule: Literal["hill_climb"]
    step_usd: Positive


class NashSettings(_SetFeesSettings):
    """Each week all firms play the equilibrium on analytic demand, with what was seen so far."""

    rule: Literal["nash"]
    sets: Literal["fee", "fee_and_rate"]
    highest_rate: Annotated[float, Field(gt=0, le=1)]
    damping: Annotated[float, Field(gt=0, le=1)]
    tolerance_usd: Annotated[float, Field(gt=0, le=0.01)]
    settled_fee_usd: NonNegative
    settled_quote_share: NonNegative


FeeSettings = Annotated[FixedFeesSettings | HillClimbSettings | NashSettings, Field(discriminator="rule")]


class EntrySettings(Parameters):
    """When a courier comes into the market, and what it costs to be in it."""

    day: Annotated[int, Field(ge=1, le=3660)]
    if_profitable: bool
    cost_usd_per_week: NonNegative


class ExitSettings(Parameters):
    """When a firm gives up."""

    loss_weeks: Annotated[int, Field(ge=1, le=520)]
    initial_cash_usd: NonNegative


class PayChoiceSettings(_BetweenSettings):
    """Each week each courier takes the best of five levels of base pay around the present one."""

    step_usd: Positive


class StrategySettings(Parameters):
    """What couriers decide from week to week."""

    fees: FeeSettings
    value_of_order: Literal["inverted", "zero"]
    baseline_days: Annotated[int, Field(ge=0, le=366)]
    pay: PayChoiceSettings | None
    entry: dict[str, EntrySettings]
    exit: ExitSettings | None
    pooled: dict[str, str]
    broker: BrokerSettings | None
