"""Which mall stores are on which apps, and what makes them join and leave mall-direct (docs/odd.md, opt-in)."""

from math import exp

from tests.reference.admission import expected_orders
from tests.reference.choosing import asked_commission
from tests.reference.noise import uniform
from tests.reference.world import Parcel, Shop, World

MALL_DIRECT = "mall_direct"


class Membership:
    """Lists stores as the market opens, and lets them review mall-direct week by week."""

    def __init__(self, world: World) -> None:
        self.world, self.retail = world, world.settings["retailers"]
        self.couriers = dict(world.settings["couriers"])
        names = list(self.couriers)
        self.direct = (
            names.index(MALL_DIRECT) if MALL_DIRECT in names and self.couriers[MALL_DIRECT]["active"] else None
        )
        self.stores = [shop for shop in world.shops if shop.mall is not None]
        self.believed = self._prior()
        self.moved: list[tuple[int, int, bool]] = []
        self.subsidy = world.rules.subsidy(0.0)
        for number, name in enumerate(names):
            if self.couriers[name]["fulfilment"] == "gig" and self.couriers[name]["active"]:
                self.join(number, self._share(name))
        self.relist()

    def _share(self, name: str) -> float:
        """Return the share of each mall's stores on an app: as posted, or as when shares of channels were observed."""
        posted = self.retail["opt_in"]["share"] if name == MALL_DIRECT else self.couriers[name]["listed_share"]
        return float(self.couriers[name]["observed"]["listed_share"] if posted is None else posted)

    def join(self, number: int, share: float, mall: int | None = None) -> None:
        """Let so many stores of each mall, or of one, want to be on an app, in their order, and all big boxes."""
        for shop in self.world.shops:
            if mall is not None and shop.mall != mall:
                continue
            there = [each for each in self.stores if each.mall == shop.mall]
            rank = sum((each.priority[number], each.number) < (shop.priority[number], shop.number) for each in there)
            joins = shop.mall is None or rank < round(share * len(there))
            (shop.wanted.add if joins else shop.wanted.discard)(number)

    def relist(self) -> None:
        """List stores where they want to be; on mall-direct alone where that is exclusive."""
        rules, gig = (
            self.world.rules,
            [k for k, each in enumerate(self.couriers.values()) if each["fulfilment"] == "gig"],
        )
        bound = self.retail["opt_in"]["exclusive"] and rules.allows_exclusivity
        for shop in self.world.shops:
            alone = shop.mall is not None and bound and self.direct in shop.wanted
            shop.listed = {self.direct} if alone and self.direct is not None else set(shop.wanted)
        listed = rules.listing([shop.listed for shop in self.stores], gig, self.direct)
        for shop, apps in zip(self.stores, listed, strict=True):
            shop.listed = apps

    def _prior(self) -> dict[int, float]:
        """Return what stores believe first: a week's expected orders, shared by as many as were observed on the app."""
        if self.direct is None:
            return {}
        then = self.couriers[MALL_DIRECT]["observed"]["listed_share"] * len(self.stores)
        orders = 7 * sum(expected_orders(self.world)[self.direct]) / max(1.0, then)
        return {shop.number: orders for shop in self.world.shops}

    def close_week(self, week: int, parcels: list[Parcel]) -> None:
        """Let stores learn from the orders of the week and perhaps think again."""
        if self.direct is None or self.retail["opt_in"]["mode"] != "logit_dynamic":
            return
        opt_in, direct = self.retail["opt_in"], self.direct
        for shop in self.stores:
            if direct in shop.listed:
                sold = sum(
                    order.shop is shop and order.courier == direct and order.day >= 7 * week for order in parcels
                )
                self.believed[shop.number] += opt_in["belief_rate"] * (sold - self.believed[shop.number])
        for shop in self.stores:
            known = [self.believed[each.number] for each in self._alike(shop) if direct in each.listed]
            if direct not in shop.listed and known:
                self.believed[shop.number] = sum(known) / len(known)
        decided = {}
        for shop in self.stores:
            there = [each for each in self.stores if each.mall == shop.mall]
            peers = sum(direct in each.listed for each in there) / len(there)
            gain = self.gain_usd(shop, self.believed[shop.number])
            joins = logistic((gain + opt_in["peer_usd_per_week"] * peers) / opt_in["noise_usd_per_week"])
            leaves = logistic((-gain - opt_in["sunk_usd_per_week"]) / opt_in["noise_usd_per_week"])
            decided[shop.number] = is_on = direct in shop.listed
            if uniform(self.world.key_reviews, week, shop.number, 0) < opt_in["reviewed_per_week"]:
                by_chance = uniform(self.world.key_reviews, week, shop.number, 1)
                decided[shop.number] = by_chance >= leaves if is_on else by_chance < joins
        for shop in self.stores:
            if decided[shop.number] != (direct in shop.listed):
                self.moved.append((week, shop.number, decided[shop.number]))
            (shop.wanted.add if decided[shop.number] else shop.wanted.discard)(direct)
        self.relist()

    def _alike(self, shop: Shop) -> list[Shop]:
        """Return the mall stores with the same kind of goods."""
        return [each for each in self.stores if each.category == shop.category]

    def gain_usd(self, shop: Shop, orders: float) -> float:
        """Return what being on mall-direct adds to a store's weekly profit at so many orders."""
        others = len(shop.listed - {self.direct})
        returned = list(self.retail["returns"]["rate"].values())[shop.category]
        return self.gain_of(shop.margin, returned, others, orders)

    def gain_of(self, margin: float, returned: float, others: int, orders: float) -> float:
        """Return the same for a margin, a share that comes back, and a number of other apps."""
        retail, customers = self.retail, self.world.settings["customers"]
        basket = customers["basket"]["mean_usd"]
        commission, markup = self._terms()
        kept = (margin - commission + markup - returned * retail["returns"]["loss_share"]) * basket
        diverted = customers["observed_share"]["store_mall"] / len(self.world.shops)
        lost = diverted * margin * basket * (1 + retail["unplanned_share"])
        fixed = app_usd_per_week(self.world) + (0.0 if others else retail["setup_usd_per_week"])
        per_order, per_week = self.subsidy
        return float(orders * (kept + per_order - lost - retail["picking_cost_usd"]) + per_week - fixed)

    def _terms(self) -> tuple[float, float]:
        """Return mall-direct's mean commission and mark-up over mall stores, in chains and not."""
        courier, rules = self.couriers[MALL_DIRECT], self.world.rules
        asked = asked_commission(self.world, courier)
        rates = [rules.commission(asked, independent=shop.independent) for shop in self.stores]
        commission = sum(rates) / len(rates)
        change = commission - courier["observed"]["commission"]
        return commission, courier["markup"] + self.retail["price_pass_through"] * change


def app_usd_per_week(world: World) -> float:
    """Return what being on one app costs a mall store: integration, and hands free while orders are taken."""
    retail = world.settings["retailers"]
    hours = 7 * (retail["mall"]["closes_h"] - retail["mall"]["opens_h"] - retail["last_order_min"] / 60)
    on_call = retail["on_call"]["share"] * retail["on_call"]["usd_per_h"] * hours
    return float(retail["integration_usd_per_week"] + on_call)


def logistic(x: float) -> float:
    """Return the logistic function."""
    return 1 / (1 + exp(-x)) if x > 0 else exp(x) / (1 + exp(x))
