"""How orders and drivers are matched: settings; units and sources stand in conf/dispatch."""

from typing import Annotated

from pydantic import Field, field_validator

from galleria.agents.dispatch.costs import Reach
from galleria.agents.dispatch.rules import RULES, DispatchRule
from galleria.agents.dispatch.trips import Weights
from galleria.agents.kernel.parameters import NonNegative, Parameters, Positive, Share


class BundlingSettings(Parameters):
    """Which orders travel together; units and sources stand in conf/dispatch."""

    max_orders: Annotated[int, Field(ge=1, le=20)]
    extra_parcel_min: NonNegative
    lookahead_min: NonNegative
    soon_free_min: NonNegative
    pickup_min: NonNegative
    driver_price: NonNegative
    driver_price_per_load: NonNegative
    driver_price_most: NonNegative
    lateness_weight: NonNegative
    latency_weight: NonNegative
    order_worth_min: Positive
    age_weight: NonNegative
    hold_min: NonNegative
    urgent_after_min: NonNegative | None

    def weights(self) -> Weights:
        """Return them as the kernels take them."""
        return Weights(
            self.lateness_weight, self.latency_weight, self.order_worth_min * 60, self.age_weight, self.hold_min * 60
        )


class DispatchSettings(Parameters):
    """How orders and drivers are matched; units and sources stand in conf/dispatch."""

    rule: str
    own_rules: dict[str, str]
    interval_s: Annotated[float, Field(ge=0, le=3600)]
    requote_s: Positive
    candidates: Annotated[int, Field(ge=1, le=10_000)]
    max_pickup_min: Positive
    lookahead_min: NonNegative
    wait_weight: Share
    age_weight: NonNegative
    offer_expiry_s: NonNegative
    decline_pause_s: NonNegative
    bundling: BundlingSettings

    @field_validator("rule")
    @classmethod
    def _rule_exists(cls, name: str) -> str:
        RULES[name]  # raises where there is none
        return name

    @field_validator("own_rules")
    @classmethod
    def _rules_exist(cls, rules: dict[str, str]) -> dict[str, str]:
        for name in rules.values():
            RULES[name]
        return rules

    def rule_of(self, courier: str) -> DispatchRule:
        """Return the rule by which a courier dispatches."""
        return RULES[self.own_rules.get(courier, self.rule)]

    @property
    def reach(self) -> Reach:
        """How far drivers are sent for single orders, as the kernel takes it."""
        return Reach(self.wait_weight, self.age_weight, self.max_pickup_min * 60, self.candidates)

    def lookahead_s(self, rule: DispatchRule) -> float:
        """Return how long before an order is packed a rule's dispatcher sees it, s."""
        return 60 * (self.bundling.lookahead_min if rule.bundles else self.lookahead_min)
