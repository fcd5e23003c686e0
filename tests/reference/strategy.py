"""How fees are set from week to week: left alone, in equilibrium, or by climbing (docs/odd.md, competition.md)."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from tests.reference.desk import Conditions, Desk, Quotes, conditions_seen
from tests.reference.money import Accounts
from tests.reference.world import Parcel, World


class Week(NamedTuple):
    """What a courier knows at the end of a week; profit by day."""

    week: int
    courier: int
    fee: float
    rate: float
    quote_h: float | None
    cost: float | None
    value: float
    share: float
    profit: float


class FeeRule(Protocol):
    """How fees are set."""

    weeks: list[Week]

    def set_fees(self, day: int, quotes_h: Quotes, memory_h: list[list[float]]) -> None:
        """Set the fees of a week that begins."""

    def review(self, day: int) -> None:
        """Look back at a week that ends."""


class Fixed:
    """Fees stay."""

    def __init__(self) -> None:
        self.weeks: list[Week] = []

    def set_fees(self, day: int, quotes_h: Quotes, memory_h: list[list[float]]) -> None:
        """Leave fees alone."""

    def review(self, day: int) -> None:
        """Keep no record."""


class _Observer:
    """Remembers where a week began."""

    def __init__(self, world: World, parcels: list[Parcel], desk: Desk) -> None:
        self.world, self.parcels, self.desk = world, parcels, desk
        self.first_order = self.first_day = 0
        self.memory_h: list[list[float]] = []
        self.weeks: list[Week] = []

    def begin(self, day: int, memory_h: list[list[float]]) -> None:
        """Begin a week."""
        self.first_order, self.first_day, self.memory_h = len(self.parcels), day, memory_h

    def seen(self, day: int) -> Conditions:
        """Take the conditions of the week."""
        return conditions_seen(self.world, self.parcels[self.first_order :], day + 1 - self.first_day)

    def report(self, day: int, now: Conditions) -> None:
        """Write the week down, at the remembered lateness of its end."""
        game = self.desk.game(self.world, now, self.memory_h)
        tariff = self.desk.tariff(self.world)
        shares, profits = game.shares(tariff), game.profits(list(tariff))
        for k in game.priced:
            self.weeks.append(
                Week(
                    day // 7,
                    k,
                    self.world.fees[k],
                    self.world.rates[k],
                    now.quote_h[k],
                    now.cost_usd[k],
                    self.desk.values[k],
                    shares[k],
                    profits[k].real * self.desk.per_day,
                )
            )


class Nash(_Observer):
    """Everybody answers everybody best, on costs and quotes averaged over the weeks, until these move little."""

    def __init__(self, world: World, parcels: list[Parcel], desk: Desk) -> None:
        super().__init__(world, parcels, desk)
        self.rule = world.settings["strategy"]["fees"]
        self.conditions: Conditions | None = None
        self.times = 0
        self.quotes_settled = self.settled = False

    def set_fees(self, day: int, quotes_h: Quotes, memory_h: list[list[float]]) -> None:
        """Solve the game of a week unless all has settled."""
        self.begin(day, memory_h)
        if self.settled:
            return
        if self.conditions is None:
            self.conditions = self.desk.anticipated(quotes_h, memory_h)
        game = self.desk.game(self.world, self.conditions, memory_h)
        before, after = self.desk.tariff(self.world), game.equilibrium(self.desk.tariff(self.world))
        moves = [abs(new - old) for new, old in zip(after, before, strict=True)]
        couriers, mean_usd = len(self.world.fees), self.world.settings["customers"]["basket"]["mean_usd"]
        moved = max(fee + mean_usd * sum(moves[couriers + k :][:1]) for k, fee in enumerate(moves[:couriers]))
        self.world.fees[:] = after[:couriers]
        if self.desk.sets_rates:
            self.world.rates[:] = after[couriers:]
        self.settled = self.quotes_settled and moved <= self.rule["settled_fee_usd"]

    def review(self, day: int) -> None:
        """Feed back what the week has shown."""
        seen = self.seen(day)
        old = self.conditions or seen
        self.times += 1
        self.conditions = old.towards(seen, 1 / self.times)
        moves = [
            abs(new / before - 1)
            for new, before in zip(self.conditions.quote_h, old.quote_h, strict=True)
            if new is not None and before is not None
        ]
        self.quotes_settled = max(moves, default=0.0) <= self.rule["settled_quote_share"]
        self.report(day, old.towards(seen, 1.0))


class Climb(_Observer):
    """Each firm moves one fee a step each week and turns round when its profit an occasion has fallen."""

    def __init__(self, world: World, parcels: list[Parcel], desk: Desk, accounts: Accounts) -> None:
        super().__init__(world, parcels, desk)
        self.accounts, self.rule = accounts, world.settings["strategy"]["fees"]
        self.couriers = list(world.settings["couriers"].values())
        self.firms = list(dict.fromkeys(each["firm"] for each in self.couriers))
        self.direction = [1.0 for _ in self.couriers]
        self.moved: dict[str, int] = {}
        self.worth_usd = dict.fromkeys(self.firms, 0.0)
        self.profit_usd: dict[str, float] = {}
        self.quotes_h: Quotes = []

    def set_fees(self, day: int, quotes_h: Quotes, memory_h: list[list[float]]) -> None:
        """Move a fee of each firm, its couriers in turn; not in the first week."""
        self.begin(day, memory_h)
        self.quotes_h = quotes_h
        if day == 0:
            return
        for firm in self.firms:
            mine = [k for k in self.desk.priced(self.couriers) if self.couriers[k]["firm"] == firm]
            if mine:
                number = mine[day // 7 % len(mine)]
                wanted = self.world.fees[number] + self.direction[number] * self.rule["step_usd"]
                lowest, highest = self.desk.limits[0]
                self.world.fees[number] = min(max(wanted, lowest), highest)
                self.moved[firm] = number

    def review(self, day: int) -> None:
        """Compare with the week before; what orders are worth beside the books counts."""
        occasions = max(1, sum(len(each) for each in self.world.days[self.first_day : day + 1]))
        for firm in self.firms:
            mine = {k for k, each in enumerate(self.couriers) if each["firm"] == firm}
            placed = sum(self.desk.values[order.courier] for order in self.parcels if order.courier in mine)
            worth = self.accounts.balance.get(("firm", firm), 0) / 10_000 + placed
            profit = (worth - self.worth_usd[firm]) / occasions
            if firm in self.moved and profit < self.profit_usd[firm]:
                self.direction[self.moved[firm]] *= -1
            self.worth_usd[firm], self.profit_usd[firm] = worth, profit
        expected = self.desk.expected(self.world, self.quotes_h, self.memory_h)
        self.report(day, expected.towards(self.seen(day), 1.0))


def fee_rule(
    world: World, parcels: list[Parcel], accounts: Accounts, simulate: Callable[[World], list[Parcel]]
) -> FeeRule:
    """Choose the rule that the settings name."""
    rule = world.settings["strategy"]["fees"]["rule"]
    if rule == "fixed":
        return Fixed()
    desk = Desk(world, simulate)
    return Nash(world, parcels, desk) if rule == "nash" else Climb(world, parcels, desk, accounts)
