"""What policies cost couriers, and what they add to fees for it (docs/odd.md, policies)."""

from collections.abc import Callable

from tests.reference.choosing import asked_commission, commission_of
from tests.reference.demand import SampleDemand
from tests.reference.meals import answered, dearer_usd
from tests.reference.world import HOUR_S, Meal, Parcel, Services, World

SHOPPERS = 2000
FEWER = 0.1
STEP_USD = 0.25
STEPS, TOLERANCE_USD, LEAST_PART = 200, 1e-4, 1e-6
AMOUNTS = ("cost", "orders", "engaged", "paid", "online")


class Burden:
    """The mean day of costs, by service: what policies cost, orders, hours on trips, their pay; hours on line."""

    def __init__(self, world: World) -> None:
        self.world = world
        couriers = range(len(world.settings["couriers"]))
        kinds = ("order", "meal") if world.settings["meals"] else ("order",)
        self.services = [(kind, courier) for kind in kinds for courier in couriers]
        self.sums = {service: dict.fromkeys(AMOUNTS, 0.0) for service in self.services}
        self.weight = dict.fromkeys(self.services, 0.0)

    def learn(self, ended: list[Parcel], online_h: float) -> None:
        """Average a day in, as it would have been without additions, where policies cost anything."""
        rules = self.world.rules
        rate = 1 / rules.cost_days
        for service in self.services:
            kind, courier = service
            mine = [
                each
                for each in ended
                if each.status == "delivered" and each.driver and each.courier == courier
                if (each.meal is not None) == (kind == "meal")
            ]
            cost = sum(each.raised + self._forgone(each) for each in mine)
            if cost <= 0 and rules.hourly_usd + rules.trip_usd <= 0:
                continue
            part = self.world.answer.get(service, 1.0)
            seen = {
                "cost": cost / part,
                "orders": len(mine) / part,
                "engaged": sum(each.delivered_s - each.accepted_s for each in mine) / HOUR_S / part,
                "paid": sum(each.pay for each in mine) / part,
                "online": online_h,
            }
            for name, amount in seen.items():
                self.sums[service][name] += rate * (amount - self.sums[service][name])
            self.weight[service] += rate * (1 - self.weight[service])

    def _forgone(self, order: Parcel) -> float:
        """Return what the courier would have taken of the sale and policies left to the seller."""
        rules = self.world.rules
        if order.meal is not None:
            asked = self.world.settings["meals"]["commission"]
            return float((asked - rules.commission(asked, independent=False)) * order.shopper.basket_usd)
        courier = list(self.world.settings["couriers"].values())[order.courier]
        left = asked_commission(self.world, courier) - commission_of(self.world, courier, order.shop)
        return float(left * order.shopper.basket_usd)

    def mean(self, service: tuple[str, int], name: str) -> float:
        """Return an amount of the mean day."""
        return self.sums[service][name] / (self.weight[service] or 1.0)

    def online_h(self) -> float:
        """Return the hours on line of the mean day."""
        return max(self.mean(service, "online") for service in self.services)

    def engaged_h(self, orders: Services) -> float:
        """Return the hours on trips of a day with these orders."""
        hours = 0.0
        for service in self.services:
            usual = self.mean(service, "orders")
            if usual > 0:
                hours += self.mean(service, "engaged") / usual * orders[service]
        return hours

    def costs_usd(self, online_h_per_engaged_h: float) -> Services:
        """Return what policies cost of an order if so many hours on line go with one on a trip."""
        least_usd = max(self.world.rules.trip_usd, self.world.rules.hourly_usd * online_h_per_engaged_h)
        costs = {}
        for service in self.services:
            usual = self.mean(service, "orders") or 1.0
            pay, hours = self.mean(service, "paid") / usual, self.mean(service, "engaged") / usual
            costs[service] = self.mean(service, "cost") / usual + max(pay, least_usd * hours) - pay
        return costs


class PassingOn:
    """Sets what couriers add to fees."""

    def __init__(self, world: World, burden: Burden, online_h: Callable[[Services], float | None]) -> None:
        self.world, self.burden, self.capped_h = world, burden, online_h
        self.sample = world.sample[:: max(1, len(world.sample) // SHOPPERS)]
        self.demand: SampleDemand | None = None
        self.beyond: list[set[tuple[str, int]]] = []

    def open_day(self, day: int, quotes_h: list[float | None], memory_h: list[list[float]]) -> None:
        """Begin without additions; from the day on which a cost is known, add what one more order costs."""
        world, rules = self.world, self.world.rules
        world.added.clear()
        world.answer.clear()
        self.beyond.append(set())
        if rules.passed_on == 0 or not any(self.burden.weight.values()):
            return
        if self.demand is None or day % 7 == 0:
            couriers = world.settings["couriers"].values()
            usual_h = [
                each["quote_h"] if each["fulfilment"] == "van" else each["observed"]["preparation_min"] / 60
                for each in couriers
            ]
            quotes = [usual if quote is None else quote for quote, usual in zip(quotes_h, usual_h, strict=True)]
            self.demand = SampleDemand(world, self.sample, list(quotes), memory_h)
        without = self._placed(dict.fromkeys(self.burden.services, 0.0))
        usual = {service: self.burden.mean(service, "orders") for service in self.burden.services}

        def parts(added: Services) -> Services:
            placed = self._placed(added)
            return {each: placed[each] / without[each] if without[each] > 0 else 1.0 for each in placed}

        def orders(added: Services) -> Services:
            return {each: usual[each] * part for each, part in parts(added).items()}

        added = self._additions(usual, orders)
        self.beyond[-1] = self._out_of_reach(usual, orders)
        world.answer.update({each: max(part, LEAST_PART) for each, part in parts(added).items()})
        world.added.update(added)

    def _additions(self, usual: Services, orders: Callable[[Services], Services]) -> Services:
        """Go up from nothing to the first additions that are as large as what they answer."""
        rules, burden = self.world.rules, self.burden
        added = dict.fromkeys(burden.services, 0.0)
        for _ in range(STEPS):
            then = orders(added)
            fewer = {each: (1 - FEWER) * amount for each, amount in then.items()}
            engaged_h = burden.engaged_h(then) - burden.engaged_h(fewer)
            online_h = self._online_h(then, usual) - self._online_h(fewer, usual)
            costs = burden.costs_usd(online_h / engaged_h if engaged_h > 0 else 0.0)
            wanted = {each: min(rules.passed_on * cost, rules.most_passed_on_usd) for each, cost in costs.items()}
            step = max(abs(wanted[each] - added[each]) for each in wanted)
            added = wanted
            if step <= TOLERANCE_USD:
                break
        return added

    def _out_of_reach(self, usual: Services, orders: Callable[[Services], Services]) -> set[tuple[str, int]]:
        """Try additions, the same for all, and return the services to which none brings back what policies cost."""
        rules, burden = self.world.rules, self.burden
        short, number = set(burden.services), 0
        while number * STEP_USD < rules.most_passed_on_usd + STEP_USD / 2:
            addition, number = number * STEP_USD, number + 1
            placed = orders(dict.fromkeys(burden.services, addition))
            engaged_h = burden.engaged_h(placed)
            costs = burden.costs_usd(self._online_h(placed, usual) / engaged_h if engaged_h > 0 else 0.0)
            short = {each for each in short if addition < rules.passed_on * costs[each] - TOLERANCE_USD}
        return short

    def _online_h(self, orders: Services, usual: Services) -> float:
        """Return the hours on line that couriers expect: as many as they let in, or as there were."""
        parts = {each: orders[each] / usual[each] if usual[each] > 0 else 1.0 for each in orders}
        capped_h = self.capped_h(parts)
        return self.burden.online_h() if capped_h is None else capped_h

    def _placed(self, added: Services) -> Services:
        """Return orders in any scale: of the sample, and of meals of a mean basket at every home, at usual waits."""
        world, couriers = self.world, range(len(self.world.settings["couriers"]))
        if self.demand is None:
            raise AssertionError("demand is worked out before")
        placed = {
            ("order", courier): share
            for courier, share in enumerate(self.demand.shares([added["order", courier] for courier in couriers]))
        }
        if not world.settings["meals"]:
            return placed
        placed.update({("meal", courier): 0.0 for courier in couriers})
        basket_usd = world.settings["meals"]["basket"]["mean_usd"]
        for place, households in enumerate(world.homes):
            meal = Meal(0.0, 0.0, -1, -1, place, world.zone_of[place], 0.0, basket_usd, 0.0, -1)
            dearer = [dearer_usd(world, meal, courier) + added["meal", courier] for courier in couriers]
            ratio, pull, _ = answered(world, dearer)
            for courier in couriers:
                placed["meal", courier] += households * ratio * pull[courier] / (sum(pull) or 1.0)
        return placed
