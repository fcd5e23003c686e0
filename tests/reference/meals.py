"""Restaurant meals: who is asked for each, the bill, and the desks that carry them (docs/odd.md, meals)."""

from typing import Any

from tests.reference.choosing import tip_of
from tests.reference.fleet import Desk
from tests.reference.world import HOUR_S, Meal, Parcel, Shopper, World


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


def asked(world: World, meal: Meal) -> int:
    """Return the courier asked for a meal."""
    weights = [weight(world, name) for name in world.settings["couriers"]]
    left = meal.asks * sum(weights)
    for number, each in enumerate(weights):
        if left < each:
            return number
        left -= each
    raise AssertionError("somebody carries meals")


def order_meal(
    world: World, meal: Meal, number: int, day: int, desks: list[Desk], quotes_h: list[float | None]
) -> Parcel:
    """Write the order of a meal, which is refused where the desk quotes nothing."""
    terms, courier = world.settings["meals"], asked(world, meal)
    quote_h = next(quote_h for desk, quote_h in zip(desks, quotes_h, strict=True) if desk.number == courier)
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
        fee=terms["fee_usd"],
        service=terms["service_rate"] * meal.basket_usd,
        markup=terms["markup"] * meal.basket_usd,
        commission=terms["commission"] * meal.basket_usd,
        tip=tip_of(world, {**list(world.settings["couriers"].values())[courier], "tip_usd": terms["tip_usd"]}),
        km=world.km[meal.origin][meal.home],
        ready_s=meal.placed_s + meal.preparation_s,
        lapses_s=meal.placed_s,
        meal=meal,
    )
    if quote_h is None:
        order.status, order.ready_s, order.promised_s = "refused", meal.placed_s, 0.0
    return order
