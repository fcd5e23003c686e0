"""Who is let on line where couriers cap log-ins, and what they forecast for it (docs/odd.md, policies)."""

from itertools import combinations
from math import ceil, erf, exp, pi, sqrt
from typing import Any

from tests.reference.choosing import nearest_mall
from tests.reference.meals import weight
from tests.reference.noise import uniform
from tests.reference.world import DAY_S, HOUR_S, Gig, Parcel, Services, Shopper, World

HOURS = range(24)


class Forecast:
    """Orders by courier and hour, and hours of a trip: means of the days seen, and of what was expected before."""

    def __init__(self, orders: list[list[float]], trip_h: float) -> None:
        self.orders = orders
        self.trip_h = [trip_h] * len(orders)
        self.days = 1

    def need(self, courier: int, hour: int) -> float:
        """Return the drivers engaged by an hour's orders, or by half of those of it and the hour before."""
        orders = self.orders[courier]
        return max(orders[hour], (orders[hour] + orders[hour - 1]) / 2) * self.trip_h[courier]

    def learn(self, wanted: list[list[float | None]], trips_h: list[list[float]]) -> None:
        """Average a day in: orders wanted, None where nobody can tell, and the hours of each trip, by courier."""
        self.days += 1
        for courier, by_hour in enumerate(wanted):
            for hour, orders in enumerate(by_hour):
                if orders is not None:
                    self.orders[courier][hour] += (orders - self.orders[courier][hour]) / self.days
            if trips_h[courier]:
                mean_h = sum(trips_h[courier]) / len(trips_h[courier])
                self.trip_h[courier] += (mean_h - self.trip_h[courier]) / self.days


class Gate:
    """Lets drivers in."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.couriers = list(world.settings["couriers"].values())
        self.gig = [number for number, each in enumerate(self.couriers) if each["fulfilment"] == "gig"]
        door_min, retail = world.settings["drivers"]["door_min"], world.settings["retailers"]
        self.orders = Forecast(expected_orders(world), 2 * way_h(world) + (retail["handover_min"] + door_min) / 60)
        self.meals = Forecast([[0.0] * 24 for _ in self.couriers], 0.0)
        if world.settings["meals"]:
            handover_min = world.settings["meals"]["handover_min"]
            self.meals = Forecast(expected_meals(world), 2 * meal_way_h(world) + (handover_min + door_min) / 60)
        purposes = world.settings["customers"]["purposes"].values()
        self.wait_usd_per_h = sum(each["share"] * each["value_of_delivery_time_usd_per_h"] for each in purposes)
        self.wanted_h = [len(world.gigs)] * 24
        self.meal_wait_usd_per_h = 0.0
        if world.settings["meals"]:
            self.meal_wait_usd_per_h = world.settings["meals"]["choice"]["value_of_wait_usd_per_h"]
            goods, meals = (
                sum(sum(each.orders[courier]) for courier in self.gig) for each in (self.orders, self.meals)
            )
            if goods + meals > 0:
                together = goods * self.wait_usd_per_h + meals * self.meal_wait_usd_per_h
                self.wait_usd_per_h = together / (goods + meals)

    def admit(self, day: int, wants: list[list[bool]]) -> list[list[bool]]:
        """Say hour by hour who is let in of those who want to work."""
        if not self.world.rules.caps_log_ins:
            return wants
        self.wanted_h = [sum(row[hour] for row in wants) for hour in HOURS]
        inside = [[False] * 24 for _ in wants]
        working = [gig for gig in self.world.gigs if gig.online and not gig.leaving]
        tier, waited = self._tiers(), [0] * len(wants)
        for hour in HOURS:
            room = self._room(hour)

            def turn(gig: Gig, working: list[Gig] = working) -> tuple[bool, int, int, float]:
                lot = uniform(self.world.key_access, day, gig.number)
                return gig not in working, tier[gig.number], -waited[gig.number], lot

            asking = sorted((gig for gig in self.world.gigs if wants[gig.number][hour]), key=turn)
            working = []
            for gig in asking:
                if all(self._works_for(working, some) < places for some, places in room if gig.apps <= some):
                    working.append(gig)
            for gig in self.world.gigs:
                inside[gig.number][hour] = gig in working
                kept_out = wants[gig.number][hour] and gig not in working
                waited[gig.number] = waited[gig.number] + 1 if kept_out else 0
        return inside

    @staticmethod
    def _works_for(working: list[Gig], some: set[int]) -> int:
        """Count those inside who work for some couriers alone."""
        return sum(gig.apps <= some for gig in working)

    def _room(self, hour: int) -> list[tuple[set[int], int]]:
        """Return how many drivers may work for each set of couriers alone: their parts of the market's places."""
        need = self._need(hour, self.world.answer)
        together = sum(need.values())
        places = self._places(together)
        sets = [set(some) for size in range(1, len(self.gig) + 1) for some in combinations(self.gig, size)]
        part = {courier: each * places / together if together > 0 else 0.0 for courier, each in need.items()}
        return [(some, ceil(sum(part[courier] for courier in some) - 1e-9)) for some in sets]

    def _need(self, hour: int, answer: Services) -> dict[int, float]:
        """Return the drivers whom orders keep engaged if they are these parts of those without additions to fees."""
        return {
            courier: self.orders.need(courier, hour) * answer.get(("order", courier), 1.0)
            + self.meals.need(courier, hour) * answer.get(("meal", courier), 1.0)
            for courier in self.gig
        }

    def _places(self, need: float) -> float:
        """Return the market's places for a need."""
        return max(need / self.world.rules.utilisation, need + self._peaks() * sqrt(need))

    def online_h(self, answer: Services) -> float | None:
        """Return the hours on line that go with these parts of the orders; None where all are let in anyway."""
        if not self.world.rules.caps_log_ins:
            return None
        return sum(min(self._places(sum(self._need(hour, answer).values())), self.wanted_h[hour]) for hour in HOURS)

    def _peaks(self) -> float:
        """Return the drivers beyond the mean need, in standard deviations: two, or what costs least."""
        rules = self.world.rules
        return cheapest_peaks(self.wait_usd_per_h / rules.hourly_usd) if rules.staffs_at_least_cost else rules.peak_sd

    def _tiers(self) -> list[int]:
        """Return groups of the drivers by orders delivered, the first with most; who has delivered none is last."""
        gigs, tiers = self.world.gigs, self.world.rules.tiers
        by_record = sorted(gigs, key=lambda gig: (-gig.record, gig.number))
        return [by_record.index(gig) * tiers // len(gigs) if gig.record else tiers - 1 for gig in gigs]

    def learn(self, shoppers: list[Shopper], meals: list[Parcel], ended: list[Parcel]) -> None:
        """See what was wanted of a day, served or not, and how long trips took that ended in it."""
        carried = [each for each in ended if each.status == "delivered" and each.driver]
        for forecast, of_meals in ((self.orders, False), (self.meals, True)):
            trips_h = [
                [
                    (each.delivered_s - each.accepted_s) / HOUR_S
                    for each in carried
                    if each.courier == courier and (each.meal is not None) == of_meals
                ]
                for courier in range(len(self.couriers))
            ]
            wanted = self._wanted_meals(meals) if of_meals else self._wanted(shoppers)
            kind = "meal" if of_meals else "order"
            without = [
                [each if each is None else each / self.world.answer.get((kind, courier), 1.0) for each in row]
                for courier, row in enumerate(wanted)
            ]
            forecast.learn(without, trips_h)
        values = [
            each.shopper.purpose["value_of_delivery_time_usd_per_h"] if each.meal is None else self.meal_wait_usd_per_h
            for each in carried
        ]
        if values:
            self.wait_usd_per_h = sum(values) / len(values)

    def _wanted(self, shoppers: list[Shopper]) -> list[list[float | None]]:
        """Scale the orders of those who had a quote up to all within reach; None where nobody had one."""
        wanted: list[list[float | None]] = [[0.0] * 24 for _ in self.couriers]
        for courier in self.gig:
            for hour in HOURS:
                here = [each for each in shoppers if hour_of(each.arrive_s) == hour and courier in each.within]
                quoted = [each for each in here if courier in each.quoted]
                chose = sum(each.choice == courier for each in quoted)
                wanted[courier][hour] = chose * len(here) / len(quoted) if quoted else None if here else 0.0
        return wanted

    def _wanted_meals(self, meals: list[Parcel]) -> list[list[float | None]]:
        hours = [(each.courier, hour_of(each.placed_s)) for each in meals]
        return [[float(hours.count((courier, hour))) for hour in HOURS] for courier in range(len(self.couriers))]


def hour_of(time_s: float) -> int:
    """Return the hour of day of a time."""
    return int(time_s % DAY_S // HOUR_S)


def cheapest_peaks(dear: float) -> float:
    """Find the b that makes b + dear p(b) / b least, p(b) the chance to wait of Halfin and Whitt, by halving."""

    def cost(b: float) -> float:
        density, below = exp(-b * b / 2) / sqrt(2 * pi), (1 + erf(b / sqrt(2))) / 2
        return b + dear / (1 + b * below / density) / b

    low, high = 0.02, 6.0
    while high - low > 1e-9:
        third = (high - low) / 3
        low, high = (low, high - third) if cost(low + third) < cost(high - third) else (low + third, high)
    return (low + high) / 2


def expected_orders(world: World) -> list[list[float]]:
    """Spread the observed share of occasions over the minutes in which a courier's stores take orders."""
    customers, retail = world.settings["customers"], world.settings["retailers"]
    per_day = customers["occasions_per_household_day"] * len(world.people)
    expected = []
    for name, courier in world.settings["couriers"].items():
        sellers = _sellers(courier)
        arriving = [customers["hour_weights"][hour] * _open_share(retail, sellers, hour) for hour in HOURS]
        share = customers["observed_share"].get(courier["constant_of"] or name, 0.0) if courier["active"] else 0.0
        total = sum(arriving) or 1.0
        expected.append([per_day * share * each / total for each in arriving])
    return expected


def _sellers(courier: dict[str, Any]) -> list[str]:
    if courier["fulfilment"] != "gig":
        return []
    share = courier["mall_pickup_share"]
    return [kind for kind, has in (("mall", share > 0), ("big_box", share < 1)) if has]


def _open_share(retail: dict[str, Any], sellers: list[str], hour: int) -> float:
    """Return the part of an hour, minute by minute, in which some seller takes orders."""
    minutes = [hour * 60 + k + 0.5 for k in range(60)]
    hours = [
        (60 * retail[each]["opens_h"], 60 * retail[each]["closes_h"] - retail["last_order_min"]) for each in sellers
    ]
    return sum(any(opens <= minute < closes for opens, closes in hours) for minute in minutes) / 60


def expected_meals(world: World) -> list[list[float]]:
    """Share the meals of a day among the active couriers that carry them."""
    terms, couriers = world.settings["meals"], world.settings["couriers"]
    weights = [weight(world, name) if each["active"] else 0.0 for name, each in couriers.items()]
    per_day = terms["orders_per_household_day"] * len(world.people)
    return [[per_day * each / (sum(weights) or 1.0) * part for part in terms["hour_weights"]] for each in weights]


def way_h(world: World) -> float:
    """Return the mean way from the nearest mall to homes."""
    ways_s = [world.time_s[world.malls[nearest_mall(world, home)]][home] for home in range(len(world.homes))]
    return _mean(ways_s, world.homes) / HOUR_S


def meal_way_h(world: World) -> float:
    """Return the mean way from restaurants to homes, by the chances with which these order from each."""
    terms, ways_s = world.settings["meals"], []
    for home in range(len(world.homes)):
        km = [world.km[place][home] for place in world.restaurants]
        worth = [exp(-each / terms["decay_km"]) if each <= terms["radius_km"] else 0.0 for each in km]
        if not sum(worth):
            worth[km.index(min(km))] = 1.0
        ways_s.append(_mean([world.time_s[place][home] for place in world.restaurants], worth))
    return _mean(ways_s, world.homes) / HOUR_S


def _mean(values: list[float], weights: list[float]) -> float:
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)
