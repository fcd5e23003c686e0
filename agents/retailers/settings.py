"""Settings of stores: hours, hands, margins, shelves, and how stores join mall-direct (model 7.3)."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from galleria.agents.kernel.clock import DAYS_PER_WEEK
from galleria.agents.kernel.parameters import HourOfDay, NonNegative, Parameters, Positive, Share, shares_sum_to_one


class HoursSettings(Parameters):
    """Opening hours and hands of one kind of store."""

    opens_h: HourOfDay
    closes_h: HourOfDay
    pickers: Annotated[int, Field(ge=1, le=1000)]

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens_h >= self.closes_h:
            raise ValueError(f"opens_h ({self.opens_h:g}) must be earlier than closes_h ({self.closes_h:g})")
        return self


class MallSettings(HoursSettings):
    """The stores of a mall."""

    stores: Annotated[int, Field(ge=1, le=2000)]
    independent_share: Share


class BigBoxSettings(HoursSettings):
    """The big boxes."""

    chains: Annotated[tuple[str, ...], Field(min_length=1)]


class PickingSettings(Parameters):
    """Lognormal time to pick and pack an order."""

    mean_min: Annotated[float, Field(gt=0, le=240)]
    cv: Annotated[float, Field(ge=0, le=5)]


class StockSettings(Parameters):
    """What a mall store has on its shelves, and how often its records are wrong."""

    units: Annotated[int, Field(ge=0)] | None
    record_error: Share
    record_error_per_further_courier: Share


class KerbSettings(Parameters):
    """Where drivers stand at a mall while they take parcels over."""

    slots: Annotated[int, Field(ge=1, le=10_000)] | None


class ReturnsSettings(Parameters):
    """How much of what was delivered comes back, by category, and what that costs."""

    rate: Annotated[dict[str, Share], Field(min_length=1)]
    loss_share: Share


class OnCallSettings(Parameters):
    """Hands that a store keeps free for each app it is on."""

    share: Annotated[float, Field(ge=0, le=5)]
    usd_per_h: NonNegative


class MarginSettings(Parameters):
    """Gross margins as shares of the basket."""

    mall: Share
    big_box: Share
    marketplace: Share


class OptInSettings(Parameters):
    """How mall stores come to join mall-direct; units and sources stand in conf/retailers."""

    mode: Literal["fixed_share", "logit_dynamic", "equilibrium", "landlord"]
    share: Share | None
    reviewed_per_week: Share
    noise_usd_per_week: Positive
    peer_usd_per_week: NonNegative
    sunk_usd_per_week: NonNegative
    belief_rate: Share
    equilibrium_from: Literal["none", "all"]
    equilibrium_grid: Annotated[int, Field(ge=3, le=201)]
    flipped_stores: Annotated[int, Field(ge=0, le=2000)]
    exclusive: bool
    exclusive_commission_cut: Annotated[float, Field(ge=0, le=1)]


class RetailerSettings(Parameters):
    """Stores of the malls and the big boxes; units and sources stand in conf/retailers."""

    mall: MallSettings
    big_box: BigBoxSettings
    last_order_min: Annotated[float, Field(ge=0, le=600)]
    categories: Annotated[dict[str, Share], Field(min_length=1)]
    join_order: Literal["by_category", "by_lot"]
    picking: PickingSettings
    handover_min: Annotated[float, Field(ge=0, le=120)]
    margin: MarginSettings
    price_pass_through: Share
    picking_cost_usd: NonNegative
    returns: ReturnsSettings
    integration_usd_per_week: NonNegative
    on_call: OnCallSettings
    setup_usd_per_week: NonNegative
    unplanned_share: Share
    rent_share_of_walk_in: Share
    rent_share_of_delivered: Share
    stock: StockSettings
    kerb: KerbSettings
    opt_in: OptInSettings

    @model_validator(mode="after")
    def _sums(self) -> Self:
        shares_sum_to_one("categories", list(self.categories.values()))
        return self

    @model_validator(mode="after")
    def _returns_of_each_category(self) -> Self:
        if set(self.returns.rate) != set(self.categories):
            has, needs = ", ".join(self.returns.rate), ", ".join(self.categories)
            raise ValueError(f"returns.rate has {has}: it must have the categories, {needs}")
        return self

    @property
    def mean_return_rate(self) -> float:
        """Share of sales that comes back where all categories are sold."""
        return sum(share * self.returns.rate[name] for name, share in self.categories.items())

    @property
    def app_usd_per_week(self) -> float:
        """What being on one app costs a mall store, $/week: integration, and hands free while orders are taken."""
        hours_per_week = DAYS_PER_WEEK * max(0.0, self.mall.closes_h - self.mall.opens_h - self.last_order_min / 60)
        return self.integration_usd_per_week + self.on_call.share * self.on_call.usd_per_h * hours_per_week
