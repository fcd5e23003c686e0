"""What couriers that set fees know: costs and quotes, as expected, as the baseline shows, as seen (docs/odd.md)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.reference.choosing import commission_of, fee_of, weigh
from tests.reference.demand import chances
from tests.reference.game import Buyer, Game, Tariff
from tests.reference.membership import Membership
from tests.reference.rules import Rules
from tests.reference.staffing import least_usd_per_engaged_h
from tests.reference.tours import marginal_usd
from tests.reference.world import HOUR_S, Parcel, World

type Quotes = list[float | None]
type Known = list[float | None]


@dataclass
class Conditions:
    """Quotes in hours and cost of one more order, by courier; None where nothing is known."""

    quote_h: Known
    cost_usd: Known

    def towards(self, seen: "Conditions", weight: float) -> "Conditions":
        """Go a part of the way to what was seen."""
        return Conditions(
            [_towards(*pair, weight) for pair in zip(self.quote_h, seen.quote_h, strict=True)],
            [_towards(*pair, weight) for pair in zip(self.cost_usd, seen.cost_usd, strict=True)],
        )


def _towards(old: float | None, new: float | None, weight: float) -> float | None:
    if old is None or new is None:
        return new if old is None else old
    return old + weight * (new - old)


class Desk:
    """Works out games and conditions for a market as it stands and as it was observed."""

    def __init__(self, world: World, simulate: Callable[[World], list[Parcel]]) -> None:
        self.world, self.customers = world, world.settings["customers"]
        self.couriers = list(world.settings["couriers"].values())
        self.per_day = self.customers["occasions_per_household_day"] * len(world.people)
        fees = world.settings["strategy"]["fees"]
        self.of, self.sets_rates = fees["of"], fees.get("sets") == "fee_and_rate"
        self.limits = [(fees["lowest_usd"], fees["highest_usd"])]
        if self.sets_rates:
            self.limits.append((0.0, fees["highest_rate"]))
        self.observed = as_observed(world)
        self.usual_h: Quotes = [_observed_quote_h(each) for each in self.couriers]
        self.expected_then = self.expected(self.observed, self.usual_h, self._no_memory())
        self.baseline = self._simulated(simulate)
        self.worth = self._worth()
        mean_usd = self.customers["basket"]["mean_usd"]
        self.values = [order + mean_usd * of_basket for order, of_basket in zip(*self.worth, strict=True)]

    def tariff(self, world: World) -> Tariff:
        """Return what is set, as it is posted: fees, or fees and service rates."""
        return [*world.fees, *(world.rates if self.sets_rates else [])]

    def _no_memory(self) -> list[list[float]]:
        return [[0.0] * len(self.world.channels) for _ in range(self.world.zones)]

    def _simulated(self, simulate: Callable[[World], list[Parcel]]) -> Conditions:
        """Take what orders cost and how long they take from the market as it was observed."""
        baseline = self.world.baseline
        if baseline is None:
            return self.expected_then
        parcels = simulate(baseline)
        seen = conditions_seen(baseline, parcels, baseline.settings["run"]["days"])
        return self.expected_then.towards(seen, 1.0)

    def _worth(self) -> list[list[float]]:
        """Invert what an order and a dollar of its basket are worth from what was observed, or take them of another."""
        worth = [[0.0] * len(self.couriers) for _ in range(2)]
        if self.world.settings["strategy"]["value_of_order"] == "zero":
            return worth
        game = self.game(self.observed, self.baseline, self._no_memory(), worth)
        names = list(self.world.settings["couriers"])
        return [
            [
                values[names.index(each["constant_of"])] if each["constant_of"] in names else values[number]
                for number, each in enumerate(self.couriers)
            ]
            for values in game.values(self.tariff(self.observed))
        ]

    def priced(self, couriers: list[dict[str, Any]]) -> list[int]:
        """Return who sets a fee."""
        return [k for k, each in enumerate(couriers) if each["active"] and each["fulfilment"] in self.of]

    def anticipated(self, quotes_h: Quotes, memory_h: list[list[float]]) -> Conditions:
        """Add to what the baseline has shown by how much that which is to be expected has changed."""
        now, then, base = self.expected(self.world, quotes_h, memory_h), self.expected_then, self.baseline
        result = Conditions(list(now.quote_h), list(now.cost_usd))
        for k, each in enumerate(self.couriers):
            if each["constant_of"] is None:
                quote = [known.quote_h[k] for known in (base, now, then)]
                cost = [known.cost_usd[k] for known in (base, now, then)]
                result.quote_h[k] = None if None in quote else max(0.0, changed(*quote))
                result.cost_usd[k] = changed(*cost)
        return result

    def expected(self, world: World, quotes_h: Quotes, memory_h: list[list[float]]) -> Conditions:
        """Expect a trip of its own for each parcel, without waits, for those of the sample who are likely to order."""
        there = replace(world, people=world.sample_people)
        couriers = list(world.settings["couriers"].values())
        weights = [0.0] * len(couriers)
        paid, hours = [0.0] * len(couriers), [0.0] * len(couriers)
        drivers, door_h = world.settings["drivers"], world.settings["drivers"]["door_min"] / 60
        for shopper in world.sample:
            utility, shown = weigh(there, shopper, quotes_h, memory_h)
            likely, person = chances(world, utility), world.sample_people[shopper.person]
            for k, (_, shop, drive_h) in shown.items():
                weights[k] += likely[k]
                if shop is None:
                    continue
                pay, way_h, km = couriers[k]["pay"], drive_h - door_h, world.km[shop.place][person.home]
                offered = pay["base_usd"] + pay["per_km_usd"] * km + pay["per_min_usd"] * 60 * way_h
                offered = world.rules.pay(max(offered, pay["floor_usd"]), 60 * way_h, km, person.zone)
                hands_min = world.settings["retailers"]["handover_min"] + drivers["door_min"]
                paid[k] += likely[k] * offered
                hours[k] += likely[k] * (2 * way_h + hands_min / 60)
        cost: Known = []
        for k, each in enumerate(couriers):
            usd = each["support_usd"]
            if each["fulfilment"] == "van":
                usd += marginal_usd(world, k, weights[k] / len(world.sample) * self.per_day)
            elif weights[k] > 0:
                usd += max(paid[k], hours[k] * least_usd_per_engaged_h(world)) / weights[k]
            cost.append(usd)
        return Conditions(list(quotes_h), cost)

    def game(
        self, world: World, conditions: Conditions, memory_h: list[list[float]], worth: list[list[float]] | None = None
    ) -> Game:
        """Work out the game of fees, or of fees and rates, under some conditions."""
        there, (order_usd, of_basket) = replace(world, people=world.sample_people), worth or self.worth
        couriers, buyers = list(world.settings["couriers"].values()), []
        for shopper in world.sample:
            utility, shown = weigh(there, shopper, conditions.quote_h, memory_h)
            alpha = world.sample_people[shopper.person].alpha
            nothing = [0.0] * len(couriers)
            buyer = Buyer(alpha, shopper.basket_usd, list(utility), list(nothing), list(nothing))
            for k, (value, shop, _) in shown.items():
                each, basket = couriers[k], shopper.basket_usd
                buyer.pays[k] = float(self._pays(there, k, shopper))
                set_rate = world.rates[k] if self.sets_rates else 0.0
                buyer.utility[k] = value + alpha * (buyer.pays[k] * world.fees[k] + set_rate * basket)
                added = fee_of(there, k, shopper) - buyer.pays[k] * world.fees[k]
                rate = world.rates[k] - set_rate + commission_of(there, each, shop) - each["processing_rate"]
                rate += of_basket[k]
                fixed = order_usd[k] - each["promotion_usd"] - (conditions.cost_usd[k] or 0.0)
                buyer.margin[k] = rate * basket + added + fixed
            buyers.append(buyer)
        return Game(world, buyers, [each["firm"] for each in couriers], self.priced(couriers), self.limits)

    @staticmethod
    def _pays(there: World, number: int, shopper: Any) -> bool:
        """Return whether a shopper pays the fee that is set, and nothing in its place."""
        schedule = list(there.settings["couriers"].values())[number]["fee_schedule"]
        if schedule is None or not there.people[shopper.person].member:
            return True
        above = schedule["members_free_above_usd"]
        return schedule["members_fee_usd"] is None and (above is None or shopper.basket_usd <= above)


def changed(base: float | None, now: float | None, then: float | None) -> float:
    """Return what was shown and what is expected to change."""
    if base is None or now is None or then is None:
        raise AssertionError("something is always expected")
    return base + now - then


def _observed_quote_h(courier: dict[str, Any]) -> float:
    seen = courier["observed"]
    return float(seen["quote_h"] if courier["fulfilment"] == "van" else seen["preparation_min"] / 60)


def as_observed(world: World) -> World:
    """Put what was observed in the place of what couriers offer; no policies, no ranks, the stores of then."""
    couriers = {}
    for name, each in world.settings["couriers"].items():
        seen = {key: value for key, value in each["observed"].items() if key in each}
        levers = {"active": each["constant_of"] is None, "attention_usd": 0.0, "promotion_usd": 0.0}
        couriers[name] = {**each, **seen, **levers}
        if each["fulfilment"] == "gig":
            pay = {**each["pay"], "base_usd": each["observed"]["base_usd"]}
            couriers[name] |= {"pay": pay, "independents_weight": 1.0, "listed_share": None}
    retail = world.settings["retailers"]
    opt_in = {**retail["opt_in"], "mode": "fixed_share", "share": None, "exclusive": False}
    then = replace(
        world,
        settings={**world.settings, "couriers": couriers, "retailers": {**retail, "opt_in": opt_in}},
        shops=[replace(shop, wanted=set(), listed=set()) for shop in world.shops],
        rules=Rules({}),
        fees=[float(each["observed"]["fee_usd"]) for each in world.settings["couriers"].values()],
        rates=[float(each["observed"]["service_rate"]) for each in world.settings["couriers"].values()],
        added={},
    )
    Membership(then)
    return then


def conditions_seen(world: World, parcels: list[Parcel], days: int) -> Conditions:
    """Take quotes and costs from orders that were placed in so many days."""
    result, drivers_usd = Conditions([], []), least_usd_per_engaged_h(world)
    for k, each in enumerate(world.settings["couriers"].values()):
        mine = [order for order in parcels if order.courier == k]
        done = [order for order in mine if order.status == "delivered"]
        quote_h = cost = None
        if mine and each["fulfilment"] == "van":
            quote_h = sum(order.quoted_s for order in mine) / len(mine) / HOUR_S
            cost = each["support_usd"] + marginal_usd(world, k, len(mine) / days)
        elif mine:
            door_h = world.settings["drivers"]["door_min"] / 60
            drives_s = [world.arrival_s(order.origin, order.home, order.placed_s) - order.placed_s for order in mine]
            quotes_s = [order.quoted_s - drive_s for order, drive_s in zip(mine, drives_s, strict=True)]
            quote_h = sum(quotes_s) / len(mine) / HOUR_S - door_h
        if done and each["fulfilment"] != "van":
            pay = sum(order.pay for order in done) / len(done)
            hours = sum(order.delivered_s - order.accepted_s for order in done) / len(done) / HOUR_S
            cost = each["support_usd"] + max(pay, hours * drivers_usd)
        result.quote_h.append(quote_h)
        result.cost_usd.append(cost)
    return result
