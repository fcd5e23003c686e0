"""A gig courier's desk and the drivers it asks, one order and one driver at a time (docs/odd.md, dispatch)."""

from collections.abc import Callable
from math import inf, log, sqrt
from typing import Any

from tests.reference.matching import (
    Costs,
    cheapest_pair_first,
    drivers_choice,
    first_come_nearest,
    most_pairs_at_least_cost,
    strictly_in_turn,
)
from tests.reference.noise import uniform
from tests.reference.world import Gig, Parcel, World

RULES: dict[str, Callable[[Costs, int], dict[int, int]]] = {
    "lap": lambda costs, _: most_pairs_at_least_cost(costs),
    "nearest_immediate": lambda costs, _: first_come_nearest(costs),
    "fcfs": strictly_in_turn,
    "nearest_waiting": lambda costs, _: drivers_choice(costs),
    "greedy": lambda costs, _: cheapest_pair_first(costs),
}
TIE_S = 1e-3


class Desk:
    """Waiting orders of one courier and what it has learnt about its own speed."""

    def __init__(self, world: World, number: int, settings: dict[str, Any]) -> None:
        self.world, self.number, self.settings = world, number, settings
        self.kind, self.turn = "order", number
        self.key_tie, self.key_accept, self.kerb = world.key_tie, world.key_accept, world.kerb
        self.handover_s = world.settings["retailers"]["handover_min"] * 60
        self.rules, self.driving = world.settings["dispatch"], world.settings["drivers"]
        self.waiting: list[Parcel] = []
        self.left: list[tuple[float, float, float]] = []
        self.engaged_s: float | None = None
        quote, observed = settings["quote"], settings["observed"]
        sd_s = quote["initial_sd_min"] * 60
        self.mean_s = observed["preparation_min"] * 60 - quote["safety"] * sd_s
        self.variance = sd_s * sd_s

    def quote_h(self, now_s: float, gigs: list[Gig], desks: "list[Desk]") -> float | None:
        """Learn from the orders that have left since the last time; refuse when the next would wait too long."""
        quote = self.settings["quote"]
        for each in sorted(self.left):
            if each[0] <= now_s:
                self.left.remove(each)
                gap = each[1] - self.mean_s
                self.mean_s = self.mean_s + quote["rate"] * gap
                self.variance = (1 - quote["rate"]) * (self.variance + quote["rate"] * gap * gap)
                known_s = each[2] if self.engaged_s is None else self.engaged_s
                self.engaged_s = known_s + quote["rate"] * (each[2] - known_s)
        if self.wait_s(gigs, desks) > self.settings["longest_wait_min"] * 60:
            return None
        return float(self.mean_s + quote["safety"] * sqrt(self.variance)) / 3600

    def wait_s(self, gigs: list[Gig], desks: "list[Desk]") -> float:
        """Deal each desk's orders out to its drivers alike; the next order here waits for what our drivers got."""
        working = [gig for gig in gigs if gig.online and not gig.leaving]
        hands = {desk.number: [gig for gig in working if desk.number in gig.apps] for desk in desks}
        if not hands[self.number]:
            return inf if self.waiting else 0.0
        dealt_s = sum(
            (self if desk.kind == self.kind else desk).known_s * len(desk.waiting) / len(hands[desk.number])
            for gig in hands[self.number]
            for desk in desks
            if desk.number in gig.apps
        )
        return dealt_s / len(hands[self.number])

    @property
    def known_s(self) -> float:
        """How long a driver is engaged with an order, as far as the desk has seen any."""
        return self.engaged_s or 0.0

    def deadline_s(self, order: Parcel) -> float:
        """Return the time at which a customer gives up."""
        return order.promised_s + float(self.settings["patience_h"]) * 3600

    def sendable_s(self, order: Parcel) -> float:
        """Return the time from which drivers may be sent for an order."""
        return max(order.lapses_s, order.ready_s - float(self.rules["lookahead_min"]) * 60)

    def next_s(self, now_s: float) -> float:
        """Return the next time at which something changes for the desk by itself."""
        times = [self.deadline_s(order) for order in self.waiting]
        times += [self.sendable_s(order) for order in self.waiting]
        times += [until_s for order in self.waiting for until_s in order.refused_until_s.values()]
        return min((each for each in times if each > now_s), default=inf)

    def dispatch(self, now_s: float, gigs: list[Gig]) -> list[Parcel]:
        """Cancel, match, offer; return the orders that were cancelled."""
        cancelled = [order for order in self.waiting if self.deadline_s(order) <= now_s]
        self.waiting = [order for order in self.waiting if order not in cancelled]
        declined = self._match(now_s, gigs)
        while declined and not self.rules["interval_s"]:
            declined = self._match(now_s, gigs)
        return cancelled

    def _match(self, now_s: float, gigs: list[Gig]) -> bool:
        """Match and offer; tell whether a driver declined."""
        declined = False
        ready = [order for order in self.waiting if self.sendable_s(order) <= now_s]
        idle = [gig for gig in gigs if gig.online and gig.order is None and self.number in gig.apps]
        costs = {
            (row, column): cost
            for row, order in enumerate(ready)
            for column, cost in self._costs(order, idle, now_s).items()
        }
        pairs = [(ready[row], idle[k]) for row, k in sorted(RULES[self.rules["rule"]](costs, len(ready)).items())]
        stands = [self._stand(order, gig, now_s) for order, gig in pairs]
        for (order, gig), (slot, from_s, to_s) in zip(pairs, stands, strict=True):
            if not self._offer(order, gig, now_s, from_s):
                declined = True
                if slot is not None:
                    slot.remove((from_s, to_s))
        return declined

    def _stand(self, order: Parcel, gig: Gig, now_s: float) -> tuple[list[tuple[float, float]] | None, float, float]:
        """Book the kerb: try the arrival, and each end of a stay after it, in every slot, and take the earliest."""
        arrived_s = self.world.arrival_s(gig.place, order.origin, now_s)
        found: list[tuple[float, int]] = []
        slots = self.kerb.get(order.origin, [])
        for number, slot in enumerate(slots):
            for from_s in [arrived_s, *(end for _, end in slot if end > arrived_s)]:
                to_s = max(from_s, order.ready_s) + self.handover_s
                if all(to_s <= start or end <= from_s for start, end in slot):
                    found.append((from_s, number))
        if not found:
            return None, arrived_s, arrived_s
        from_s, number = min(found)
        to_s = max(from_s, order.ready_s) + self.handover_s
        slots[number].append((from_s, to_s))
        return slots[number], from_s, to_s

    def _costs(self, order: Parcel, idle: list[Gig], now_s: float) -> dict[int, float]:
        drives = [self.world.arrival_s(gig.place, order.origin, now_s) - now_s for gig in idle]
        reach_s = self.rules["max_pickup_min"] * 60
        if len(idle) > self.rules["candidates"]:
            reach_s = min(reach_s, sorted(drives)[self.rules["candidates"] - 1])
        costs = {}
        for column, (gig, drive_s) in enumerate(zip(idle, drives, strict=True)):
            if drive_s > reach_s or order.refused_until_s.get(gig.number, -inf) > now_s:
                continue
            idles_at_store_s = max(0.0, order.ready_s - now_s - drive_s)
            costs[column] = (
                drive_s
                + self.rules["wait_weight"] * idles_at_store_s
                - self.rules["age_weight"] * (now_s - order.placed_s)
                + TIE_S * uniform(self.key_tie, order.noise_number, gig.number)
            )
        return costs

    def _offer(self, order: Parcel, gig: Gig, now_s: float, from_s: float) -> bool:
        world, pay = self.world, self.settings["pay"]
        arrived_s = world.arrival_s(gig.place, order.origin, now_s)
        picked_s = max(from_s, order.ready_s) + self.handover_s
        at_door_s = world.arrival_s(order.origin, order.home, picked_s)
        delivered_s = at_door_s + self.driving["door_min"] * 60
        minutes = (at_door_s - picked_s) / 60
        offered = pay["base_usd"] + pay["per_km_usd"] * order.km + pay["per_min_usd"] * minutes
        offered = max(offered, pay["floor_usd"])
        pickup_km = world.km[gig.place][order.origin]
        unraised = offered
        offered = world.rules.pay(offered, (delivered_s - now_s) / 60, pickup_km + order.km, order.zone)
        driving_usd = self.driving["cost_usd_per_km"] * (pickup_km + order.km)
        gain = offered + order.tip - driving_usd - gig.reservation * (delivered_s - now_s) / 3600
        u = uniform(self.key_accept, order.noise_number, gig.number, order.offers)
        order.offers += 1
        if gain + self.driving["acceptance_scale_usd"] * log(u / (1 - u)) < 0:
            order.refused_until_s[gig.number] = now_s + self.rules["decline_pause_s"]
            order.lapses_s = now_s + self.rules["offer_expiry_s"]
            return False
        order.driver, gig.order = gig, order
        order.pay, order.raised, order.pickup_km = offered, offered - unraised, pickup_km
        order.accepted_s, order.arrived_s, order.picked_s = now_s, arrived_s, picked_s
        order.delivered_s = delivered_s
        gig.earned.append((now_s, offered + order.tip - driving_usd))
        gig.spend("idle", now_s - gig.free_since_s)
        gig.spend("to_pickup", arrived_s - now_s)
        gig.spend("at_store", picked_s - arrived_s)
        gig.spend("to_door", at_door_s - picked_s)
        gig.spend("at_door", delivered_s - at_door_s)
        gig.place = order.home
        self.waiting.remove(order)
        self.left.append((picked_s, picked_s - order.placed_s, delivered_s - now_s))
        return True
