"""Where stores start on mall-direct: where nobody would move, or where each mall earns most (docs/odd.md, opt-in)."""

from dataclasses import replace

from tests.reference.choosing import app_markup, commission_of, nearest_mall, shop_in_mall, weigh
from tests.reference.demand import chances
from tests.reference.membership import Membership, app_usd_per_week
from tests.reference.rules import Rules
from tests.reference.world import Shop, Shopper, World

type Sales = list[tuple[Shopper, list[float], dict[int, Shop | None]]]
"""By shopper of the sample, chances of channels and stores of couriers."""


class Adoption:
    """Works out sales for a grid of shares of the mall stores on mall-direct."""

    def __init__(self, world: World, membership: Membership, quotes_h: list[float | None]) -> None:
        self.world, self.membership, self.quotes_h = world, membership, quotes_h
        self.opt_in = world.settings["retailers"]["opt_in"]
        cells = self.opt_in["equilibrium_grid"] - 1
        self.grid = [k / cells for k in range(cells + 1)]
        customers = world.settings["customers"]
        per_day = customers["occasions_per_household_day"] * len(world.people)
        self.each = per_day / len(world.sample)

    def start(self) -> None:
        """Let stores start where the settings say."""
        direct = self.membership.direct
        if direct is None or self.opt_in["mode"] not in {"equilibrium", "landlord"}:
            return
        others = [len(shop.listed - {direct}) for shop in self.membership.stores]
        wanted = {shop.number: set(shop.wanted) for shop in self.world.shops}
        shares = self._best(direct) if self.opt_in["mode"] == "landlord" else [self._at_rest(direct, others)]
        for shop in self.world.shops:
            shop.wanted = wanted[shop.number]
        for mall in range(len(self.world.malls)):
            self.membership.join(direct, shares[mall % len(shares)], mall)
        self.membership.relist()

    def _sales(self, direct: int, share: float) -> Sales:
        """Return what the sample would buy if a share of each mall's stores were on mall-direct; none shown less."""
        self.membership.join(direct, share)
        self.membership.relist()
        couriers = {
            name: {**each, "independents_weight": 1.0} if "independents_weight" in each else each
            for name, each in self.world.settings["couriers"].items()
        }
        there = replace(
            self.world,
            people=self.world.sample_people,
            settings={**self.world.settings, "couriers": couriers},
            rules=Rules(
                {str(k): each for k, each in enumerate(self.world.rules.policies) if each["kind"] != "demote_capped"}
            ),
        )
        memory_h = [[0.0] * len(there.channels) for _ in range(there.zones)]
        sales = []
        for shopper in there.sample:
            utility, shown = weigh(there, shopper, self.quotes_h, memory_h)
            sales.append((shopper, chances(there, utility), {k: shop for k, (_, shop, _) in shown.items()}))
        return sales

    def _at_rest(self, direct: int, others: list[int]) -> float:
        """Return the share at which the next store would not join, from none, or the last would not leave, from all."""
        orders = []
        for share in self.grid:
            sales = self._sales(direct, share)
            orders.append(7 * self.each * sum(chance[direct] for _, chance, _ in sales))
        retail, total = self.world.settings["retailers"], len(self.membership.stores)
        shares = zip(retail["returns"]["rate"].values(), retail["categories"].values(), strict=True)
        returned = sum(rate * share for rate, share in shares)
        in_order = sorted(others)
        median = round((in_order[(total - 1) // 2] + in_order[total // 2]) / 2)
        wants = []
        for joined in range(1, total + 1):
            at = joined / total * (len(self.grid) - 1)
            below = min(int(at), len(self.grid) - 2)
            each = (orders[below] + (at - below) * (orders[below + 1] - orders[below])) / joined
            gain = self.membership.gain_of(retail["margin"]["mall"], returned, median, each)
            wants.append(gain + self.opt_in["peer_usd_per_week"] * (joined - 1) / total >= 0)
        if self.opt_in["equilibrium_from"] == "none":
            return (total if all(wants) else wants.index(False)) / total
        return max((k + 1 for k, want in enumerate(wants) if want), default=0) / total

    def _best(self, direct: int) -> list[float]:
        """Return by mall the smallest share at which its stores and its landlord get most together."""
        got = []
        for share in self.grid:
            sales, by_mall = self._sales(direct, share), [0.0 for _ in self.world.malls]
            for shop, usd in self._profits(sales):
                if shop.mall is not None:
                    by_mall[shop.mall] += usd
            for shop in self.membership.stores:
                if shop.mall is not None:
                    by_mall[shop.mall] -= self._apps_usd(shop)
            got.append(by_mall)
        best = []
        for mall in range(len(self.world.malls)):
            of_mall = [each[mall] for each in got]
            best.append(self.grid[of_mall.index(max(of_mall))])
        return best

    def _apps_usd(self, shop: Shop) -> float:
        """Return what being on apps costs a store in a day, less what it gets for mall-direct."""
        retail = self.world.settings["retailers"]
        setup = retail["setup_usd_per_week"] if shop.listed else 0.0
        subsidy = self.membership.subsidy[1] * (self.membership.direct in shop.listed)
        return float(len(shop.listed) * app_usd_per_week(self.world) + setup - subsidy) / 7

    def _profits(self, sales: Sales) -> list[tuple[Shop, float]]:
        """List what stores get, rents included: from visits, planned and not, and from orders."""
        world, retail = self.world, self.world.settings["retailers"]
        there, visit = replace(world, people=world.sample_people), world.channels.index("store_mall")
        rates, couriers = list(retail["returns"]["rate"].values()), list(world.settings["couriers"].values())
        got: list[tuple[Shop, float]] = []
        for shopper, chance, shown in sales:
            basket = shopper.basket_usd
            mall = nearest_mall(world, world.sample_people[shopper.person].home)
            neighbours = [each for each in world.shops if each.mall == mall]
            shop = shop_in_mall(there, shopper, None) or neighbours[int(shopper.store_pick * len(neighbours))]
            steps = 1 + int(shopper.source_pick * (len(neighbours) - 1))
            other = neighbours[(neighbours.index(shop) + steps) % len(neighbours)]
            got.append((shop, shop.margin * self.each * chance[visit] * basket))
            got.append((other, other.margin * retail["unplanned_share"] * self.each * chance[visit] * basket))
            for k, source in shown.items():
                if source is None or source.mall is None:
                    continue
                kept = source.margin - retail["returns"]["loss_share"] * rates[source.category]
                kept += app_markup(world, couriers[k], source) - commission_of(world, couriers[k], source)
                usd = kept * basket + self.membership.subsidy[0] * (k == self.membership.direct)
                got.append((source, self.each * chance[k] * (usd - retail["picking_cost_usd"])))
        return got
