"""How one shopper weighs the channels, one line of arithmetic at a time (docs/odd.md, choice of a channel)."""

from math import log
from typing import Any

from tests.reference.world import HOUR_S, Parcel, Shop, Shopper, World

type Shown = dict[int, tuple[float, Shop | None, float]]
"""By courier: utility, store, hours from the store to the end at the door."""


def is_open(hours: dict[str, float], time_s: float, lead_min: float) -> bool:
    """Return whether a store is open and takes orders that need `lead_min`."""
    return hours["opens_h"] <= time_s / HOUR_S % 24 < hours["closes_h"] - lead_min / 60


def nearest_mall(world: World, home: int) -> int:
    """Find the mall from which a home is reached first."""
    return min(range(len(world.malls)), key=lambda number: world.time_s[world.malls[number]][home])


def nearest_box(world: World, home: int) -> Shop:
    """Find the big box from which a home is reached first."""
    boxes = [shop for shop in world.shops if shop.mall is None]
    return min(boxes, key=lambda shop: world.time_s[shop.place][home])


def weight_shown(world: World, courier: dict[str, Any], shop: Shop) -> float:
    """Say how often a courier shows a store beside the one that it shows most: less if it is in no chain, or capped."""

    def weight(*, independent: bool) -> float:
        asked = asked_commission(world, courier)
        own = float(courier["independents_weight"]) if independent else 1.0
        capped = world.rules.commission(asked, independent=independent) < asked
        return own * (world.rules.weight_of_capped if capped else 1.0)

    most = max(weight(independent=True), weight(independent=False))
    return weight(independent=shop.independent) / most if most else 1.0


def shop_in_mall(world: World, shopper: Shopper, joined: int | None) -> Shop | None:
    """Take the store of the nearest mall that has the goods: one of those on a courier's app, or of all."""
    mall = nearest_mall(world, world.people[shopper.person].home)
    fitting = [
        shop
        for shop in world.shops
        if shop.mall == mall and shop.category == shopper.category and (joined is None or joined in shop.listed)
    ]
    if joined is None:
        return fitting[int(shopper.store_pick * len(fitting))] if fitting else None
    courier = list(world.settings["couriers"].values())[joined]
    left = shopper.store_pick * sum(weight_shown(world, courier, shop) for shop in fitting)
    for shop in fitting:
        left -= weight_shown(world, courier, shop)
        if left < 0:
            return shop
    return None


def source(world: World, shopper: Shopper, courier: int) -> tuple[Shop | None, float]:
    """Find the store an order would come from, and how many stores are on offer."""
    settings = list(world.settings["couriers"].values())[courier]
    retail = world.settings["retailers"]
    home = world.people[shopper.person].home
    mall, box = nearest_mall(world, home), nearest_box(world, home)
    in_mall = shop_in_mall(world, shopper, courier)
    if not is_open(retail["mall"], shopper.arrive_s, retail["last_order_min"]):
        in_mall = None
    if world.km[world.malls[mall]][home] > settings["service_radius_km"] or settings["mall_pickup_share"] == 0:
        in_mall = None
    at_box: Shop | None = box if settings["mall_pickup_share"] < 1 else None
    if not is_open(retail["big_box"], shopper.arrive_s, retail["last_order_min"]):
        at_box = None
    if world.km[box.place][home] > settings["service_radius_km"]:
        at_box = None
    on_offer = (at_box is not None) + (
        sum(weight_shown(world, settings, shop) for shop in world.shops if shop.mall == mall and courier in shop.listed)
        if in_mall
        else 0
    )
    wanted = in_mall if shopper.source_pick < settings["mall_pickup_share"] else at_box
    return wanted or in_mall or at_box, on_offer


def asked_commission(world: World, courier: dict[str, Any]) -> float:
    """Take the commission posted, less what mall-direct takes off for being a store's only app."""
    asked, opt_in = float(courier["commission"]), world.settings["retailers"]["opt_in"]
    if (
        opt_in["exclusive"]
        and world.rules.allows_exclusivity
        and courier is world.settings["couriers"].get("mall_direct")
    ):
        return max(0.0, asked - float(opt_in["exclusive_commission_cut"]))
    return asked


def commission_of(world: World, courier: dict[str, Any], shop: Shop | None) -> float:
    """Take the commission asked, after caps on those of gig couriers."""
    asked = asked_commission(world, courier)
    if courier["fulfilment"] != "gig":
        return asked
    return world.rules.commission(asked, independent=shop is not None and shop.independent)


def app_markup(world: World, courier: dict[str, Any], shop: Shop | None) -> float:
    """Raise or lower sellers' prices on an app by a part of what the commission is above or below the one observed."""
    passed_on = float(world.settings["retailers"]["price_pass_through"])
    change = commission_of(world, courier, shop) - courier["observed"]["commission"]
    return float(courier["markup"] + passed_on * change)


def fee_of(world: World, number: int, shopper: Shopper) -> float:
    """Take the fee posted, or what a member pays in its place, and what policies and answers make of it at a home."""
    courier, person = list(world.settings["couriers"].values())[number], world.people[shopper.person]
    fee, schedule = world.fees[number], courier["fee_schedule"]
    if schedule is not None and person.member:
        if schedule["members_fee_usd"] is not None:
            fee = float(schedule["members_fee_usd"])
        above = schedule["members_free_above_usd"]
        if above is not None and shopper.basket_usd > above:
            fee = 0.0
    return (
        world.rules.fee(fee, person.zone) + world.added.get(("order", number), 0.0)
        if courier["fulfilment"] == "gig"
        else fee
    )


def tax_of(world: World, courier: dict[str, Any], shopper: Shopper) -> float:
    """Tax the delivery of a basket to a home."""
    zone = world.people[shopper.person].zone
    return world.rules.tax(shopper.basket_usd, zone, by_gig=courier["fulfilment"] == "gig")


def serves(world: World, courier: dict[str, Any], shopper: Shopper) -> bool:
    """Return whether a courier takes orders for what the shopper wants, of somebody like them, at this hour."""
    if courier["serves"] is not None and shopper.purpose["name"] not in courier["serves"]:
        return False
    schedule = courier["fee_schedule"]
    if schedule is not None and schedule["members_only"] and not world.people[shopper.person].member:
        return False
    until_h = courier.get("orders_until_h")
    return until_h is None or shopper.arrive_s / HOUR_S % 24 < until_h


def tip_of(world: World, courier: dict[str, Any]) -> float:
    """Take the tip that was observed, less where customers are asked for it only after they pay, more the other way."""
    if courier["fulfilment"] != "gig":
        return 0.0
    left = float(world.settings["customers"]["tip_left_after_checkout"])
    then = float(courier["observed"]["tip_prompt"] == "before")
    now = world.rules.asks_before(float(courier["tip_prompt"] == "before"))
    return float(courier["tip_usd"]) * (now + (1 - now) * left) / (then + (1 - then) * left)


def weigh(
    world: World, shopper: Shopper, quotes_h: list[float | None], memory_h: list[list[float]]
) -> tuple[list[float | None], Shown]:
    """Return the utility of every channel, None where it is not to be had."""
    person, customers = world.people[shopper.person], world.settings["customers"]
    delay_usd_per_h = shopper.purpose["value_of_delivery_time_usd_per_h"]
    utility: list[float | None] = []
    shown: Shown = {}
    for number, courier in enumerate(world.settings["couriers"].values()):
        utility.append(None)
        if not (courier["active"] and serves(world, courier, shopper)):
            continue
        shop, on_offer, drive_h = None, 0.0, 0.0
        if courier["fulfilment"] == "gig":
            shop, on_offer = source(world, shopper, number)
            if shop is None:
                continue
            shopper.within.add(number)
            drive_s = world.arrival_s(shop.place, person.home, shopper.arrive_s) - shopper.arrive_s
            drive_h = drive_s / HOUR_S + world.settings["drivers"]["door_min"] / 60
        quote_h = quotes_h[number]
        if quote_h is None or quote_h + drive_h > customers["quote_cap_h"]:
            continue
        shopper.quoted.add(number)
        money = customers["variety_usd"] * log(1 + on_offer) + courier["attention_usd"] + courier["promotion_usd"]
        money -= fee_of(world, number, shopper) + tip_of(world, courier) + tax_of(world, courier, shopper)
        money -= (world.rates[number] + app_markup(world, courier, shop)) * shopper.basket_usd
        money -= customers["lateness_weight"] * delay_usd_per_h * memory_h[person.zone][number]
        money -= delay_usd_per_h * (quote_h + drive_h)
        money += customers["inertia_usd"] * (person.last == number)
        value = world.constants[number] + person.alpha * money
        utility[-1] = value
        shown[number] = (value, shop, drive_h)
    couriers = len(utility)
    for trip, (place, assortment, retail) in enumerate(_stores(world, person.home)):
        if not is_open(retail, shopper.arrive_s, 0.0) or (trip == 0 and not shopper.purpose["in_mall"]):
            utility.append(None)
            continue
        settings = customers["trip"]
        drive_h = (world.arrival_s(person.home, place, shopper.arrive_s) - shopper.arrive_s) / HOUR_S
        inside_h = settings["mall_h"]
        if trip == 1:
            larger = shopper.basket_usd / customers["basket"]["mean_usd"] - 1
            inside_h = settings["big_box_h"] * (1 + settings["time_by_basket"] * larger)
        cost = 2 * settings["car_cost_usd_per_km"] * world.km[person.home][place]
        hour_usd = shopper.purpose["travel_time_weight"] * person.travel_usd_per_h + delay_usd_per_h
        cost += hour_usd * (2 * drive_h + inside_h)
        money = customers["variety_usd"] * log(1 + assortment) - cost
        money += customers["inertia_usd"] * (person.last == couriers + trip)
        utility.append(world.constants[couriers + trip] + person.alpha * money)
    money = customers["inertia_usd"] * (person.last == couriers + 2) - shopper.purpose["need"] * shopper.basket_usd
    utility.append(person.alpha * money)
    return utility, shown


def _stores(world: World, home: int) -> list[tuple[int, int, dict[str, float]]]:
    mall, retail = nearest_mall(world, home), world.settings["retailers"]
    stores = sum(shop.mall == mall for shop in world.shops)
    return [(world.malls[mall], stores, retail["mall"]), (nearest_box(world, home).place, 1, retail["big_box"])]


def best(utility: list[float | None], noise: list[float]) -> int:
    """Choose the channel with the largest sum of utility and noise."""
    return max((value + noise[k], k) for k, value in enumerate(utility) if value is not None)[1]


def place_order(
    world: World, shopper: Shopper, day: int, shown: Shown, quotes_h: list[float | None], memory_h: list[list[float]]
) -> Parcel:
    """Write the order of a shopper who has chosen a courier."""
    number, person = shopper.choice, world.people[shopper.person]
    courier = list(world.settings["couriers"].values())[number]
    _, shop, drive_h = shown[number]
    quoted_s = ((quotes_h[number] or 0.0) + drive_h) * HOUR_S
    late_h = world.settings["customers"]["lateness_weight"] * memory_h[person.zone][number]
    origin = shop.place if shop else world.warehouse
    return Parcel(
        number=-1,
        day=day,
        courier=number,
        shopper=shopper,
        shop=shop,
        origin=origin,
        home=person.home,
        zone=person.zone,
        placed_s=shopper.arrive_s,
        quoted_s=quoted_s,
        expected_s=quoted_s + late_h * HOUR_S,
        promised_s=shopper.arrive_s + quoted_s,
        promotion=courier["promotion_usd"],
        tax=tax_of(world, courier, shopper),
        fee=fee_of(world, number, shopper),
        service=world.rates[number] * shopper.basket_usd,
        markup=app_markup(world, courier, shop) * shopper.basket_usd,
        commission=commission_of(world, courier, shop) * shopper.basket_usd,
        tip=tip_of(world, courier),
        km=world.km[origin][person.home],
    )
