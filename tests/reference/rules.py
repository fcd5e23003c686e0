"""Policies in force, read from their parameters line by line (docs/odd.md, policies)."""

from collections.abc import Callable
from math import inf
from typing import Any

type Policy = dict[str, Any]

KNOWN = {
    "neutral",
    "pay_floor",
    "hourly_pay",
    "log_in_cap",
    "commission_cap",
    "demote_capped",
    "fee_limits",
    "tip_prompt_after",
    "tip_prompt_before",
    "delivery_tax",
    "pass_through",
    "homing",
    "listing",
    "mall_subsidy",
}
KM_PER_MILE = 1.609344


class Rules:
    """What the policies of a day make of pay, prices and tips; refuses those it does not know."""

    def __init__(self, policies: dict[str, Policy], at_malls: tuple[int, ...] = ()) -> None:
        unknown = [name for name, each in policies.items() if each["kind"] not in KNOWN]
        if unknown:
            raise ValueError(f"the slow model does not know {', '.join(unknown)}")
        self.policies = [
            {**each, "zones": at_malls} if each.get("zones") == "malls" else each for each in policies.values()
        ]
        self.in_force: list[tuple[Policy, float]] = []
        self.open_day(0)

    def open_day(self, day: int) -> None:
        """Find the strength of each policy on a day."""
        self.in_force = [(each, strength(each, day)) for each in self.policies if strength(each, day) > 0]

    def pay(self, pay_usd: float, minutes: float, km: float, zone: int) -> float:
        """Raise the pay of an offer; minutes and km from acceptance to the door, which lies in a zone."""

        def raised(policy: Policy, now: float) -> float:
            if policy["kind"] != "pay_floor":
                return now
            by_time_and_way = policy["usd_per_min"] * minutes + policy["usd_per_mile"] * km / KM_PER_MILE
            return float(max(now, by_time_and_way, policy["usd_per_offer"]))

        return self._after(pay_usd, raised, zone)

    def fee(self, fee_usd: float, zone: int) -> float:
        """Change the fee of a gig courier at a home in a zone: what couriers add in answer, and legal limits."""

        def changed(policy: Policy, now: float) -> float:
            if policy["kind"] == "fee_limits":
                highest = inf if policy["highest_usd"] is None else policy["highest_usd"]
                return float(min(max(now, policy["lowest_usd"]), highest))
            return float(now + policy.get("added_fee_usd", 0.0))

        return self._after(fee_usd, changed, zone)

    def tax(self, basket_usd: float, zone: int, *, by_gig: bool) -> float:
        """Add up the taxes on a delivery to a home in a zone."""

        def added(policy: Policy, now: float) -> float:
            is_due = policy["kind"] == "delivery_tax" and basket_usd >= policy["least_basket_usd"]
            return now + policy["usd_per_order"] if is_due and (by_gig or policy["taxed"] == "all") else now

        return self._after(0.0, added, zone)

    def meal_tax(self, basket_usd: float, zone: int) -> float:
        """Add up the taxes on the delivery of a meal, which a law may exempt."""

        def added(policy: Policy, now: float) -> float:
            is_due = policy["kind"] == "delivery_tax" and policy["meals"] and basket_usd >= policy["least_basket_usd"]
            return now + policy["usd_per_order"] if is_due else now

        return self._after(0.0, added, zone)

    def commission(self, rate: float, *, independent: bool) -> float:
        """Cap the commission that a gig courier takes of a store of a chain, or of none."""

        def capped(policy: Policy, now: float) -> float:
            binds = policy["kind"] == "commission_cap" and (independent or policy["stores"] == "all")
            return min(now, float(policy["cap"])) if binds else now

        return self._after(rate, capped)

    @property
    def weight_of_capped(self) -> float:
        """How often a store whose commission is capped is shown beside others."""
        return self._after(1.0, lambda each, now: now * each["weight"] if each["kind"] == "demote_capped" else now)

    @property
    def hourly_usd(self) -> float:
        """Least mean pay of an hour on line; 0 for no floor."""
        return self._after(0.0, lambda each, now: max(now, each["usd_per_h"]) if each["kind"] == "hourly_pay" else now)

    @property
    def trip_usd(self) -> float:
        """Least pay of each driver's hour on trips; 0 for no floor."""
        return self._after(
            0.0, lambda each, now: max(now, each["usd_per_trip_h"]) if each["kind"] == "hourly_pay" else now
        )

    @property
    def utilisation(self) -> float:
        """Share of the time on line that drivers are to be engaged; 1 where the cap names none, 0 without a cap."""

        def wanted(policy: Policy, now: float) -> float:
            if policy["kind"] != "log_in_cap":
                return now
            return 1.0 if policy["utilisation"] is None else max(now, policy["utilisation"])

        return self._after(0.0, wanted)

    @property
    def staffs_at_least_cost(self) -> bool:
        """Whether a cap names no share, so that the floor on hours is weighed against customers' wait."""
        return any(each["kind"] == "log_in_cap" and each["utilisation"] is None for each, _ in self.in_force)

    @property
    def caps_log_ins(self) -> bool:
        """Whether drivers may be kept out: not where hours are to cost least and there is no floor on them."""
        return self.utilisation > 0 and not (self.staffs_at_least_cost and self.hourly_usd == 0)

    @property
    def tiers(self) -> int:
        """In how many groups by deliveries drivers are let in; 1 where the lot decides."""
        caps = [each for each, _ in self.in_force if each["kind"] == "log_in_cap"]
        return max([1, *(int(each["tiers"]) for each in caps if each["access"] == "record")])

    @property
    def peak_sd(self) -> float:
        """Room for the peaks of an hour where a cap names a share, in standard deviations."""
        return max([0.0, *(float(each["peak_sd"]) for each, _ in self.in_force if each["kind"] == "log_in_cap")])

    @property
    def passed_on(self) -> float:
        """Part of what policies cost couriers that these add to their fees."""
        return self._after(0.0, lambda each, now: max(now, each["share"]) if each["kind"] == "pass_through" else now)

    @property
    def most_passed_on_usd(self) -> float:
        """Most that they add to a fee."""
        return min([inf, *(float(each["most_usd"]) for each, _ in self.in_force if each["kind"] == "pass_through")])

    @property
    def cost_days(self) -> float:
        """Days over which they average costs, also before they pass them on."""
        return max([1.0, *(float(each["cost_days"]) for each in self.policies if each["kind"] == "pass_through")])

    def apps(self, chosen: list[set[int]]) -> list[set[int]]:
        """Let each driver have one app, in turn of those wanted, or all that anybody has; the first for a part."""
        everything = set().union(*chosen)
        allowed = list(chosen)
        for policy, share in self.in_force:
            if policy["kind"] != "homing":
                continue
            for number in range(round(share * len(allowed))):
                wanted = sorted(allowed[number])
                one = {wanted[number % len(wanted)]} if wanted else set()
                allowed[number] = set(everything) if policy["drivers"] == "open" else one
        return allowed

    def listing(self, wanted: list[set[int]], couriers: list[int], direct: int | None) -> list[set[int]]:
        """Let each mall store be on one app: mall-direct where it is wanted, else in turn; the first for a part."""
        listed = list(wanted)
        for policy, share in self.in_force:
            if policy["kind"] == "listing" and policy["retailers"] == "exclusive":
                for number in range(round(share * len(listed))):
                    on = [each for each in couriers if each in listed[number]]
                    if on:
                        listed[number] = {direct if direct in on else on[number % len(on)]}
        return listed

    @property
    def allows_exclusivity(self) -> bool:
        """Whether stores may bind themselves to one app."""
        return not any(each["kind"] == "listing" and each["retailers"] == "open" for each, _ in self.in_force)

    def subsidy(self, spent_usd: float) -> tuple[float, float]:
        """Return what a mall store gets for an order of mall-direct, and for a week on it."""
        order, week = 0.0, 0.0
        for policy, share in self.in_force:
            if policy["kind"] != "mall_subsidy":
                continue
            if policy["budget_usd"] is None or spent_usd < policy["budget_usd"]:
                order, week = order + share * policy["usd_per_order"], week + share * policy["usd_per_week"]
        return order, week

    def asks_before(self, share: float) -> float:
        """Move prompts for tips: first as couriers answer, then as the law says."""
        answered = self._after(
            share, lambda each, now: now * (1 - each["share"]) if each["kind"] == "tip_prompt_after" else now
        )
        return self._after(answered, lambda each, now: 1.0 if each["kind"] == "tip_prompt_before" else now)

    def _after(self, value: float, full: Callable[[Policy, float], float], zone: int | None = None) -> float:
        """Go towards what each policy does in full by its strength, where it holds."""
        for policy, share in self.in_force:
            zones = policy.get("zones")
            if zones is None or zone in zones:
                value = full(policy, value) if share == 1 else value + share * (full(policy, value) - value)
        return value


def strength(policy: Policy, day: int) -> float:
    """Return how far a policy holds on a day: from its first day to before its last, growing evenly at first."""
    first, last = policy.get("from_day", 0), policy.get("to_day")
    if day < first or (last is not None and day >= last):
        return 0.0
    phase_in_days = policy.get("phase_in_days", 0)
    return min(1.0, (day - first) / phase_in_days) if phase_in_days else 1.0
