"""What a sample of shoppers would order, by chances and not by draws (docs/odd.md, choice of a channel)."""

from collections.abc import Sequence
from dataclasses import replace
from math import exp, log

from tests.reference.choosing import weigh
from tests.reference.world import Shopper, World

type Utilities = list[float | None]


def nests(world: World) -> list[tuple[list[int], float]]:
    """Return the nests, channels and dissimilarity: couriers on demand, stores, nothing, couriers with vans."""
    couriers = list(world.settings["couriers"].values())
    of_nest = world.settings["customers"]["dissimilarity"]
    vans = [number for number, each in enumerate(couriers) if each["fulfilment"] == "van"]
    on_demand = [number for number in range(len(couriers)) if number not in vans]
    n = len(couriers)
    return [
        (on_demand, of_nest["on_demand"]),
        ([n, n + 1], of_nest["store"]),
        ([n + 2], 1.0),
        (vans, of_nest["shipped"]),
    ]


def chances(world: World, utility: Utilities) -> list[float]:
    """Return the chance of each channel: that of its nest times that within the nest."""
    result = [0.0] * len(utility)
    worth, within = [], []
    for members, dissimilarity in nests(world):
        scaled = {j: value / dissimilarity for j in members if (value := utility[j]) is not None}
        if not scaled:
            continue
        top = max(scaled.values())
        total = sum(exp(value - top) for value in scaled.values())
        worth.append(dissimilarity * (top + log(total)))
        within.append({j: exp(value - top) / total for j, value in scaled.items()})
    best = max(worth)
    whole = sum(exp(each - best) for each in worth)
    for each, parts in zip(worth, within, strict=True):
        for j, part in parts.items():
            result[j] = part * exp(each - best) / whole
    return result


class SampleDemand:
    """The sample's demand at quotes, terms and policies of a day."""

    def __init__(
        self, world: World, sample: list[Shopper], quotes_h: list[float | None], memory_h: list[list[float]]
    ) -> None:
        self.world, self.couriers = world, len(world.settings["couriers"])
        there = replace(world, people=world.sample_people)
        self.alpha = [world.sample_people[shopper.person].alpha for shopper in sample]
        self.utility = [weigh(there, shopper, quotes_h, memory_h)[0] for shopper in sample]

    def shares(self, added_usd: Sequence[float]) -> list[float]:
        """Return the mean chance of each courier if all pay so much more for its delivery."""
        shares = [0.0] * self.couriers
        for alpha, utility in zip(self.alpha, self.utility, strict=True):
            dearer = [
                value if j >= self.couriers or value is None else value - alpha * added_usd[j]
                for j, value in enumerate(utility)
            ]
            for j, chance in enumerate(chances(self.world, dearer)[: self.couriers]):
                shares[j] += chance / len(self.alpha)
        return shares
