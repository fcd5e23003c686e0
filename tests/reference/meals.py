"""Restaurant meals: whether one is ordered and of whom, the bill, and the desks (docs/odd.md, meals)."""

from math import exp, log
from typing import Any, NamedTuple

from tests.reference.choosing import tip_of
from tests.reference.fleet import Desk
from tests.reference.world import DAY_S, HOUR_S, Meal, Parcel, Shopper, World


def meal_desks(world: World) -> list[Desk]:
    """Open a desk for meals beside the other of each courier that carries them."""
    meals = world.settings["meals"]
    if meals is None:
        return []
    couriers = list(world.settings["couriers"].items())
    return [
        MealDesk(world, k, courier, len(couriers)) for k, (name, courier) in enumerate(couriers) if weight(world, name)
    ]


def weight(world: World, name: str) -> float:
    """Return how much a courier counts in who is asked for a meal."""
    given, courier = world.settings["meals"]["couriers"], world.settings["couriers"][name]
    if given is not None:
        return float(given.get(name, 0.0))
    if courier["fulfilment"] != "gig" or name == "mall_direct" or courier["contract"]["kind"] != "per_offer":
        return 0.0
    return 1.0 if courier["collects_at"] == "stores" and courier["big_box_chain"] is None else 0.0


class MealDesk(Desk):
    """A desk with the pay, the hand-over and the noise of meals; there is no kerb at restaurants."""

    def __init__(self, world: World, number: int, courier: dict[str, Any], couriers: int) -> None:
        meals = world.settings["meals"]
        observed = {**courier["observed"], "preparation_min": meals["first_quote_min"]}
        super().__init__(world, number, {**courier, "pay": meals["pay"], "observed": observed})
        self.kind, self.turn = "meal", couriers + number
        self.key_tie, self.key_accept, self.kerb = world.key_meal_tie, world.key_meal_accept, {}
        self.handover_s = meals["handover_min"] * 60


class Bill(NamedTuple):
    """What comes to the basket of a meal, and what the restaurant pays."""

    fee: float
    tax: float
    service: float
    markup: float
    tip: float
    commission: float


def bill_of(world: World, meal: Meal, courier: int) -> Bill:
    """Work out the terms of a meal today: laws on fees and commissions hold, restaurants pass a part of these on."""
    terms, basket = world.settings["meals"], meal.basket_usd
    commission = world.rules.commission(terms["commission"], independent=False)
    passed_on = float(world.settings["retailers"]["price_pass_through"])
    markup = terms["markup"] + passed_on * (commission - terms["observed"]["commission"])
    return Bill(
        world.rules.fee(float(terms["fee_usd"]), meal.zone) + world.added.get(("meal", courier), 0.0),
        world.rules.meal_tax(basket, meal.zone),
        terms["service_rate"] * basket,
        markup * basket,
        tip_of(world, {**list(world.settings["couriers"].values())[courier], "tip_usd": terms["tip_usd"]}),
        commission * basket,
    )


def weigh_meal(world: World, meal: Meal, quotes_h: dict[int, float | None]) -> tuple[float, list[float], float]:
    """Compare each courier with what was usual: orders over the usual ones, its pull, and the gain in money."""
    choice = world.settings["meals"]["choice"]
    dearer = []
    for courier in range(len(world.settings["couriers"])):
        quote_h = quotes_h.get(courier)
        dearer.append(dearer_usd(world, meal, courier))
        if world.rest is not None and quote_h is not None:
            usual_h = world.rest.meal_quote_h[courier][int(meal.placed_s % DAY_S // HOUR_S)]
            dearer[courier] += choice["value_of_wait_usd_per_h"] * (quote_h - usual_h)
    return answered(world, dearer)


def dearer_usd(world: World, meal: Meal, courier: int) -> float:
    """Compare the price of a meal, all in, with that at the reference."""
    terms, bill = world.settings["meals"], bill_of(world, meal, courier)
    dearer = bill.fee - terms["observed"]["fee_usd"] + bill.tip - terms["tip_usd"]
    return float(dearer + bill.tax + bill.markup - terms["markup"] * meal.basket_usd)


def answered(world: World, dearer: list[float]) -> tuple[float, list[float], float]:
    """Return orders over the usual ones, pulls of couriers that are so much dearer, and the gain in money."""
    choice = world.settings["meals"]["choice"]
    alpha, lam, share = choice["price_sensitivity_per_usd"], choice["dissimilarity"], choice["ordered_share"]
    couriers = world.settings["couriers"]
    weights = [weight(world, name) if each["active"] else 0.0 for name, each in couriers.items()]
    pull = [each * exp(-alpha * usd / lam) for each, usd in zip(weights, dearer, strict=True)]
    attraction = (sum(pull) / sum(weights)) ** lam
    some = 1 - share + share * attraction
    return attraction / some, pull, log(some) / alpha


def is_ordered(world: World, meal: Meal, ratio: float) -> bool:
    """Give up a usual meal by its mark, or order one more."""
    share = world.settings["meals"]["choice"]["ordered_share"]
    if meal.further:
        return bool(meal.mark * (1 - share) / share < ratio - 1 - 1e-12)
    return bool(meal.mark < ratio)


def asked(meal: Meal, pull: list[float]) -> int:
    """Return the courier asked for a meal."""
    left = meal.asks * sum(pull)
    for number, each in enumerate(pull):
        if left < each:
            return number
        left -= each
    raise AssertionError("somebody carries meals")


def order_meal(
    world: World, meal: Meal, number: int, day: int, courier: int, quotes_h: dict[int, float | None]
) -> Parcel:
    """Write the order of a meal, which is refused where the desk quotes nothing."""
    bill, quote_h = bill_of(world, meal, courier), quotes_h[courier]
    leaves_s = meal.placed_s + (quote_h or 0.0) * HOUR_S
    there_s = world.arrival_s(meal.origin, meal.home, leaves_s) + world.settings["drivers"]["door_min"] * 60
    order = Parcel(
        number=number,
        day=day,
        courier=courier,
        shopper=Shopper(-1, -1, {}, meal.placed_s, meal.basket_usd, -1, 0.0, 0.0, meal.preparation_s, []),
        shop=None,
        origin=meal.origin,
        home=meal.home,
        zone=meal.zone,
        placed_s=meal.placed_s,
        quoted_s=there_s - meal.placed_s,
        expected_s=0.0,
        promised_s=there_s,
        fee=bill.fee,
        tax=bill.tax,
        service=bill.service,
        markup=bill.markup,
        commission=bill.commission,
        tip=bill.tip,
        km=world.km[meal.origin][meal.home],
        ready_s=meal.placed_s + meal.preparation_s,
        lapses_s=meal.placed_s,
        meal=meal,
    )
    if quote_h is None:
        order.status, order.ready_s, order.promised_s = "refused", meal.placed_s, 0.0
    return order
