"""Fees, or fees and service rates, set against each other on the sample, and what orders must be worth for them."""

from cmath import exp, log
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from tests.reference.demand import nests
from tests.reference.world import World

STILL_USD = 1e-11
STEP = 1e-30

type Tariff = list[float]
"""Fees of all couriers, in $, and behind them their service rates on the basket where these are set too."""
type Way = dict[int, float]
"""By how much numbers of a tariff change together."""


@dataclass
class Buyer:
    """A shopper of the sample: utilities of channels if nothing is set, who pays the fee set, and orders' margins."""

    alpha: float
    basket: float
    utility: list[float | None]
    pays: list[float]
    margin: list[float]


class Game:
    """Couriers, their owners, and those that set fees; `limits` are those of fees, and of rates where they are set."""

    def __init__(
        self,
        world: World,
        buyers: list[Buyer],
        firms: list[str],
        priced: list[int],
        limits: list[tuple[float, float]],
    ) -> None:
        self.nests, self.buyers, self.firms, self.priced, self.limits = nests(world), buyers, firms, priced, limits
        self.couriers = range(len(firms))
        self.mean_usd = sum(buyer.basket for buyer in buyers) / len(buyers)

    def limits_of(self, number: int) -> tuple[float, float]:
        """Return the limits of one number of a tariff."""
        return self.limits[number // len(self.firms)]

    def priced_usd(self, buyer: Buyer, number: int) -> float:
        """Return what a shopper pays for each unit of one number of a tariff: of a fee, or of a rate."""
        return buyer.pays[number] if number in self.couriers else buyer.basket

    def price(self, buyer: Buyer, courier: int, tariff: list[complex]) -> complex:
        """Return what a shopper pays a courier of what is set."""
        numbers = range(courier, len(tariff), len(self.firms))
        return sum((self.priced_usd(buyer, number) * tariff[number] for number in numbers), 0j)

    def chances(self, buyer: Buyer, tariff: list[complex]) -> list[complex]:
        """Return the chances of the couriers, at tariffs that may have an imaginary part."""
        worth, within = [], []
        for members, dissimilarity in self.nests:
            scaled = {
                j: (value - (buyer.alpha * self.price(buyer, j, tariff) if j in self.couriers else 0)) / dissimilarity
                for j in members
                if (value := buyer.utility[j]) is not None
            }
            if scaled:
                top = max(each.real for each in scaled.values())
                total = sum(exp(each - top) for each in scaled.values())
                worth.append(dissimilarity * (top + log(total)))
                within.append({j: exp(each - top) / total for j, each in scaled.items()})
        best = max(each.real for each in worth)
        whole = sum(exp(each - best) for each in worth)
        found = {
            j: part * exp(each - best) / whole
            for each, parts in zip(worth, within, strict=True)
            for j, part in parts.items()
        }
        return [found.get(j, 0j) for j in self.couriers]

    def profits(self, tariff: list[complex]) -> list[complex]:
        """Return each courier's expected profit of an occasion."""
        profits = [0j for _ in self.couriers]
        for buyer in self.buyers:
            for j, chance in enumerate(self.chances(buyer, tariff)):
                profits[j] += (self.price(buyer, j, tariff) + buyer.margin[j]) * chance / len(self.buyers)
        return profits

    def shares(self, tariff: Tariff) -> list[float]:
        """Return each courier's share of occasions."""
        chances = [self.chances(buyer, list(tariff)) for buyer in self.buyers]
        return [sum(each[j].real for each in chances) / len(chances) for j in self.couriers]

    def owns(self, number: int, courier: int) -> bool:
        """Return whether who sets one number of a tariff owns a courier."""
        return self.firms[courier] == self.firms[number % len(self.firms)]

    def slope(self, way: Way, tariff: Tariff) -> float:
        """Return how their owner's profit grows along a way: the derivative by a step along the imaginary axis."""
        stepped = [each + STEP * 1j * way.get(number, 0.0) for number, each in enumerate(tariff)]
        profits, number = self.profits(stepped), next(iter(way))
        return sum(profits[j].imag for j in self.couriers if self.owns(number, j)) / STEP

    def ways(self, courier: int, tariff: Tariff) -> list[Way]:
        """Return along which ways a courier seeks its best answer.

        Its fee alone; and, where it sets a rate, both at the same price of a mean basket, and the rate alone: a fee and
        a rate on all baskets are nearly one, and taking turns between these two alone would go on for very long.
        """
        rate = courier + len(self.firms)
        if rate >= len(tariff):
            return [{courier: 1.0}]
        return [{courier: 1.0}, {rate: 1.0, courier: -self.mean_usd}, {rate: 1.0}]

    def best(self, way: Way, tariff: Tariff) -> Tariff:
        """Return the tariff along a way at which its owner's profit stops growing, near the present one."""

        def at(step: float) -> Tariff:
            return [each + step * way.get(number, 0.0) for number, each in enumerate(tariff)]

        ends = [sorted((limit - tariff[number]) / by for limit in self.limits_of(number)) for number, by in way.items()]
        lowest, highest = max(end[0] for end in ends), min(end[1] for end in ends)
        first = 0.25 / max(abs(by) for by in way.values())
        low, high, width = 0.0, 0.0, first
        while low > lowest and self.slope(way, at(low)) < 0:
            low, width = max(lowest, low - width), 2 * width
        width = first
        while high < highest and self.slope(way, at(high)) > 0:
            high, width = min(highest, high + width), 2 * width
        signs = [self.slope(way, at(step)) for step in (low, high)]
        if low == high or signs[0] <= 0 or signs[1] >= 0:
            found = low if signs[0] <= 0 else high
        else:
            found = float(brentq(lambda step: self.slope(way, at(step)), low, high, xtol=1e-15))
        wanted = at(found)
        return [
            min(max(each, self.limits_of(number)[0]), self.limits_of(number)[1]) if number in way else each
            for number, each in enumerate(wanted)
        ]

    def equilibrium(self, tariff: Tariff) -> Tariff:
        """Let one courier after the other answer the others best until nobody moves."""
        tariff, shares = list(tariff), self.shares(tariff)
        moved = 1.0
        while moved > STILL_USD:
            before = tariff
            for courier in self.priced:
                for way in self.ways(courier, tariff) if shares[courier] > 0 else []:
                    tariff = self.best(way, tariff)
            moved = max(abs(new - old) for new, old in zip(tariff, before, strict=True))
        return tariff

    def values(self, tariff: Tariff) -> list[list[float]]:
        """Return what orders must be worth beside their margins for this tariff to be best: linear in that.

        So much an order and, where rates are set, so much for each dollar of its basket.
        """
        shares, kinds = self.shares(tariff), range(len(tariff) // len(self.firms))
        chosen = [courier for courier in self.priced if shares[courier] > 0]
        numbers = [courier + kind * len(self.firms) for kind in kinds for courier in chosen]
        slopes = [self.slope({number: 1.0}, tariff) for number in numbers]
        moves = [[self._moves(number, tariff)[kind][j] for kind in kinds for j in chosen] for number in numbers]
        found = np.linalg.solve(moves, [-each for each in slopes]).tolist()
        values = [0.0] * (2 * len(self.firms))
        for number, value in zip(numbers, found, strict=True):
            values[number] = value
        return [values[: len(self.firms)], values[len(self.firms) :]]

    def _moves(self, number: int, tariff: Tariff) -> list[list[float]]:
        """Return how orders, and their baskets, of its owner's couriers move with one number; 0 for those of others."""
        stepped = [each + (STEP * 1j if n == number else 0) for n, each in enumerate(tariff)]
        chances = [self.chances(buyer, stepped) for buyer in self.buyers]
        counts = ([1.0] * len(chances), [buyer.basket for buyer in self.buyers])
        return [
            [
                sum(count * each[j].imag for count, each in zip(counted, chances, strict=True)) / len(chances) / STEP
                if self.owns(number, j)
                else 0.0
                for j in self.couriers
            ]
            for counted in counts
        ]
