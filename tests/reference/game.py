"""Fees set against each other on the sample's chances, and what an order must be worth (docs/competition.md)."""

from cmath import exp, log
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from tests.reference.demand import nests
from tests.reference.world import World

STILL_USD = 1e-11
STEP = 1e-30


@dataclass
class Buyer:
    """A shopper of the sample: utilities of channels at fees of nothing, who pays the fee set, and orders' margins."""

    alpha: float
    utility: list[float | None]
    pays: list[float]
    margin: list[float]


class Game:
    """Couriers, their owners, and those that set fees."""

    def __init__(self, world: World, buyers: list[Buyer], firms: list[str], priced: list[int]) -> None:
        self.nests, self.buyers, self.firms, self.priced = nests(world), buyers, firms, priced
        self.couriers = range(len(firms))

    def chances(self, buyer: Buyer, fees: list[complex]) -> list[complex]:
        """Return the chances of the couriers, at fees that may have an imaginary part."""
        worth, within = [], []
        for members, dissimilarity in self.nests:
            scaled = {
                j: (value - (buyer.alpha * buyer.pays[j] * fees[j] if j in self.couriers else 0)) / dissimilarity
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

    def profits(self, fees: list[complex]) -> list[complex]:
        """Return each courier's expected profit of an occasion."""
        profits = [0j for _ in self.couriers]
        for buyer in self.buyers:
            for j, chance in enumerate(self.chances(buyer, fees)):
                profits[j] += (buyer.pays[j] * fees[j] + buyer.margin[j]) * chance / len(self.buyers)
        return profits

    def shares(self, fees: list[float]) -> list[float]:
        """Return each courier's share of occasions."""
        chances = [self.chances(buyer, list(fees)) for buyer in self.buyers]
        return [sum(each[j].real for each in chances) / len(chances) for j in self.couriers]

    def slope(self, number: int, fees: list[float]) -> float:
        """Return how its owner's profit grows with one fee: the derivative by a step along the imaginary axis."""
        stepped = [fee + (STEP * 1j if j == number else 0) for j, fee in enumerate(fees)]
        profits = self.profits(stepped)
        return sum(profits[j].imag for j in self.couriers if self.firms[j] == self.firms[number]) / STEP

    def best(self, number: int, fees: list[float], lowest: float, highest: float) -> float:
        """Return the fee at which its owner's profit stops growing, near the present one."""

        def slope(fee: float) -> float:
            return self.slope(number, [fee if j == number else each for j, each in enumerate(fees)])

        low = high = fees[number]
        width = 0.25
        while slope(low) < 0:
            if low == lowest:
                return lowest
            low, width = max(lowest, low - width), 2 * width
        width = 0.25
        while slope(high) > 0:
            if high == highest:
                return highest
            high, width = min(highest, high + width), 2 * width
        return float(brentq(slope, low, high, xtol=1e-13)) if low < high else low

    def equilibrium(self, fees: list[float], lowest: float, highest: float) -> list[float]:
        """Let one courier after the other answer the others best until nobody moves."""
        fees, shares = list(fees), self.shares(fees)
        moved = 1.0
        while moved > STILL_USD:
            moved = 0.0
            for number in self.priced:
                if shares[number] > 0:
                    fee = self.best(number, fees, lowest, highest)
                    moved, fees[number] = max(moved, abs(fee - fees[number])), fee
        return fees

    def values(self, fees: list[float]) -> list[float]:
        """Return what orders must be worth beside their margins for these fees to be best: linear in that."""
        shares = self.shares(fees)
        chosen = [number for number in self.priced if shares[number] > 0]
        slopes = [self.slope(number, fees) for number in chosen]
        moves = [[self._moves(number, fees)[j] for j in chosen] for number in chosen]
        values = [0.0 for _ in self.couriers]
        for number, value in zip(chosen, np.linalg.solve(moves, [-each for each in slopes]), strict=True):
            values[number] = float(value)
        return values

    def _moves(self, number: int, fees: list[float]) -> list[float]:
        """Return how orders of its owner's couriers move with one fee; 0 for those of others."""
        stepped = [fee + (STEP * 1j if j == number else 0) for j, fee in enumerate(fees)]
        chances = [self.chances(buyer, stepped) for buyer in self.buyers]
        return [
            sum(each[j].imag for each in chances) / len(chances) / STEP if self.firms[j] == self.firms[number] else 0.0
            for j in self.couriers
        ]
