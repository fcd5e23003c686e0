"""Every account by name, every leg of a sale written out (docs/odd.md, settlement)."""

from typing import Any

from tests.reference.choosing import nearest_box, nearest_mall, shop_in_mall
from tests.reference.membership import app_usd_per_week
from tests.reference.world import HOUR_S, Gig, Parcel, Shop, Shopper, World

type Account = tuple[str, int | str]


class Accounts:
    """Balances in 1/10,000 $."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.balance: dict[Account, int] = {}
        self.subsidy, self.subsidies_usd = (0.0, 0.0), 0.0
        self.couriers = list(world.settings["couriers"].values())

    def move(self, payer: Account, payee: Account, usd: float) -> None:
        """Move money."""
        units = round(usd * 10_000)
        self.balance[payer] = self.balance.get(payer, 0) - units
        self.balance[payee] = self.balance.get(payee, 0) + units

    def sink(self, payer: Account, name: str, usd: float) -> None:
        """Use resources up."""
        self.move(payer, (name, 0), usd)

    def delivered(self, order: Parcel) -> None:
        """Pay for a delivered order."""
        if order.meal is not None:
            self._meal(order)
            return
        courier, retail = self.couriers[order.courier], self.world.settings["retailers"]
        customer: Account = ("customers", 0)
        firm: Account = ("firm", courier["firm"])
        basket = order.shopper.basket_usd
        seller: Account = ("store", order.shop.number) if order.shop else ("marketplace", 0)
        margin = order.shop.margin if order.shop else retail["margin"]["marketplace"]
        for usd in (basket, order.markup, order.service, order.fee, order.tax, order.tip):
            self.move(customer, firm, usd)
        self.move(firm, customer, order.promotion)
        for usd in (basket, order.markup):
            self.move(firm, seller, usd)
        self.move(seller, firm, order.commission)
        self.move(firm, ("government", 0), order.tax)
        self.sink(firm, "processing", courier["processing_rate"] * basket)
        self.sink(firm, "support", courier["support_usd"])
        self.sink(seller, "goods", (1 - margin) * basket)
        if order.shop and order.shop.mall is not None:
            self.move(seller, ("landlord", 0), retail["rent_share_of_delivered"] * basket)
            if courier is self.world.settings["couriers"].get("mall_direct"):
                self.subsidise(order.shop, self.subsidy[0])
        self.sink(seller, "returns", retail["returns"]["loss_share"] * self._return_rate(order) * basket)
        self._brought(order, firm)

    def _meal(self, order: Parcel) -> None:
        """Pay for a delivered meal."""
        terms, basket = self.world.settings["meals"], order.shopper.basket_usd
        customer: Account = ("customers", 0)
        restaurants: Account = ("restaurants", 0)
        firm: Account = ("firm", self.couriers[order.courier]["firm"])
        for usd in (basket, order.markup, order.service, order.fee, order.tax, order.tip):
            self.move(customer, firm, usd)
        self.move(firm, restaurants, basket + order.markup)
        self.move(restaurants, firm, order.commission)
        self.move(firm, ("government", 0), order.tax)
        self.sink(firm, "processing", terms["processing_rate"] * basket)
        self.sink(firm, "support", terms["support_usd"])
        self.sink(restaurants, "goods", (1 - terms["restaurant_margin"]) * basket)
        self._brought(order, firm)

    def _brought(self, order: Parcel, firm: Account) -> None:
        """Pay who drove, and what driving takes."""
        if order.driver is not None:
            driver: Account = ("driver", order.driver.number)
            self.move(firm, driver, order.pay)
            self.move(firm, driver, order.tip)
            km = order.pickup_km + order.km
            self.sink(driver, "driving", self.world.settings["drivers"]["cost_usd_per_km"] * km)

    def packed(self, order: Parcel) -> None:
        """Pay the picker, whether or not the parcel ever left."""
        if order.shop:
            self.sink(("store", order.shop.number), "picking", self.world.settings["retailers"]["picking_cost_usd"])

    def own_trip(self, shopper: Shopper, channel: str) -> None:
        """Pay for what a shopper bought in a store, and at the mall for what was not planned."""
        retail = self.world.settings["retailers"]
        if channel == "store_big_box":
            self._walk_in(nearest_box(self.world, self.world.people[shopper.person].home), shopper.basket_usd)
            return
        mall = nearest_mall(self.world, self.world.people[shopper.person].home)
        neighbours = [each for each in self.world.shops if each.mall == mall]
        shop = shop_in_mall(self.world, shopper, None) or neighbours[int(shopper.store_pick * len(neighbours))]
        self._walk_in(shop, shopper.basket_usd)
        steps = 1 + int(shopper.source_pick * (len(neighbours) - 1))
        other = neighbours[(neighbours.index(shop) + steps) % len(neighbours)]
        self._walk_in(other, retail["unplanned_share"] * shopper.basket_usd)

    def _walk_in(self, shop: Shop, usd: float) -> None:
        self.move(("customers", 0), ("store", shop.number), usd)
        self.sink(("store", shop.number), "goods", (1 - shop.margin) * usd)
        if shop.mall is not None:
            rent = self.world.settings["retailers"]["rent_share_of_walk_in"]
            self.move(("store", shop.number), ("landlord", 0), rent * usd)

    def subsidise(self, shop: Shop, usd: float) -> None:
        """Pay a mall store for being on mall-direct."""
        self.move(("government", 0), ("store", shop.number), usd)
        self.subsidies_usd += round(usd * 10_000) / 10_000

    def shifts(self, gig: Gig, now_s: float) -> None:
        """Pay for a driver's log-ons, and for further apps by the hour, since the last time."""
        drivers: dict[str, Any] = self.world.settings["drivers"]
        under_way = [(gig.since_s, now_s)] if gig.online else []
        online_h = sum(end_s - since_s for since_s, end_s in gig.shifts + under_way) / HOUR_S
        self.sink(("driver", gig.number), "log-on", drivers["log_on_cost_usd"] * gig.log_ons)
        apps_usd = drivers["app_cost_usd_per_h"] * max(0, len(gig.apps) - 1) * (online_h - gig.costed_h)
        self.sink(("driver", gig.number), "apps", apps_usd)
        gig.log_ons, gig.costed_h = 0, online_h

    def membership(self, shop: Shop, gig: list[int]) -> None:
        """Pay one day of being on couriers' apps."""
        retail: dict[str, Any] = self.world.settings["retailers"]
        platforms = sum(number in gig for number in shop.listed)
        if shop.mall is not None and platforms:
            weekly = platforms * app_usd_per_week(self.world) + retail["setup_usd_per_week"]
            self.sink(("store", shop.number), "integration", weekly / 7)

    def top_up(self, courier: int, driver: int, usd: float) -> None:
        """Pay a driver what a floor on hours asks beside the pay of offers."""
        self.move(("firm", self.couriers[courier]["firm"]), ("driver", driver), usd)

    def _return_rate(self, order: Parcel) -> float:
        retail: dict[str, Any] = self.world.settings["retailers"]
        rates = list(retail["returns"]["rate"].values())
        if order.shop and order.shop.mall is not None:
            return float(rates[order.shop.category])
        return float(sum(rate * share for rate, share in zip(rates, retail["categories"].values(), strict=True)))
