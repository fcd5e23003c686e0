"""Hand the slow model the same people: the one place where it touches the fast model, and only for what is drawn."""

from typing import Any

from galleria.agents.customers.households import Households, Occasions
from galleria.agents.retailers.retailer import BIG_BOX
from galleria.models.demand.draw import draw_occasions
from galleria.models.demand.meals import draw_meals
from galleria.models.market import Market
from galleria.models.opening.rest import Rest as FastRest
from galleria.models.strategy.baseline import baseline_settings
from galleria.models.strategy.expected import draw_sample
from galleria.models.streams import Stream
from tests.reference.rules import Rules
from tests.reference.world import FURTHER, Gig, Meal, Person, Rest, Shop, Shopper, World


def world_of(market: Market, rest: FastRest | None = None) -> World:
    """Copy what a market has drawn before its first day into plain lists, and what hours bring at rest if given."""
    city, streams, settings = market.world.city, market.world.streams, market.settings
    places = range(city.places.n)
    pool, days = settings.drivers.pool, range(settings.run.days)
    sample = draw_sample(market.world) if asks_a_sample(settings.model_dump()) else None
    return World(
        settings=settings.model_dump(),
        channels=list(market.world.channels.names),
        constants=market.world.channels.constants.tolist(),
        people=_people(market.world.households),
        days=_days(market),
        gigs=_gigs(market),
        shops=_shops(market),
        time_s=[[float(city.time.at(a, b)) for b in places] for a in places],
        km=[[float(city.distance.at(a, b)) for b in places] for a in places],
        zones=city.zones.n,
        malls=[mall.place for mall in city.malls],
        warehouse=city.warehouses[0].place,
        area_km2=city.area_km2,
        homes=city.places.households.tolist(),
        key_tie=streams.key(Stream.TIE_BREAK),
        key_accept=streams.key(Stream.ACCEPT_NOISE),
        key_turn=streams.key(Stream.TIE_BREAK, "couriers"),
        key_access=streams.key(Stream.DRIVER, "access"),
        key_reviews=streams.key(Stream.RETAILER, "reviews"),
        key_meal_tie=streams.key(Stream.TIE_BREAK, "meals"),
        key_meal_accept=streams.key(Stream.ACCEPT_NOISE, "meals"),
        meals=_meals(market),
        restaurants=market.world.meals.restaurants.place.tolist() if settings.meals else [],
        luck=[
            streams.generator(Stream.DRIVER, "luck", day).standard_normal((settings.drivers.pool, 24)).tolist()
            for day in range(settings.drivers.at_rest.days_of_luck)
        ],
        rest=None if rest is None else Rest(*(column.tolist() for column in rest)),
        rules=Rules(settings.model_dump()["policy"], _mall_zones(market)),
        zone_of=city.places.zone.tolist(),
        fees=[courier.fee_usd for courier in settings.couriers.values()],
        rates=[courier.service_rate for courier in settings.couriers.values()],
        baseline=_baseline(market, rest),
        goes=[streams.generator(Stream.DRIVER, "turnover", day).random(pool).tolist() for day in days],
        newcomers=[
            streams.generator(Stream.RESERVATION, "turnover", day).standard_normal((pool, 25)).tolist() for day in days
        ],
        sample_people=[] if sample is None else _people(sample.households),
        sample=[] if sample is None else _shoppers(market, sample.occasions, 0),
    )


def asks_a_sample(settings: dict[str, Any]) -> bool:
    """Return whether somebody works out demand on a sample of shoppers."""
    passes_on = any(each["kind"] == "pass_through" for each in settings["policy"].values())
    weighs = settings["retailers"]["opt_in"]["mode"] in {"equilibrium", "landlord"}
    return passes_on or weighs or settings["strategy"]["fees"]["rule"] != "fixed"


def _baseline(market: Market, rest: FastRest | None) -> World | None:
    """Draw the market as it was observed, where fees are set on what it shows."""
    settings = market.settings
    if settings.strategy.fees.rule == "fixed" or settings.strategy.baseline_days == 0:
        return None
    return world_of(Market(baseline_settings(settings), market.world.city, rest=rest), rest)


def _mall_zones(market: Market) -> tuple[int, ...]:
    city = market.world.city
    return tuple(int(city.places.zone[mall.place]) for mall in city.malls)


def _meals(market: Market) -> list[list[Meal]]:
    settings, city, restaurants = market.settings, market.world.city, market.world.meals.restaurants
    days: list[list[Meal]] = []
    counted = {False: 0, True: 0}
    for day in range(settings.run.days if settings.meals else 0):
        assert settings.meals is not None
        drawn = draw_meals(settings.meals, restaurants, city, day, market.world.streams)
        further = drawn.number >= FURTHER
        days.append(
            [
                Meal(
                    float(drawn.placed_s[k]),
                    float(drawn.preparation_s[k]),
                    int(drawn.restaurant[k]),
                    int(restaurants.place[drawn.restaurant[k]]),
                    int(drawn.home[k]),
                    int(city.places.zone[drawn.home[k]]),
                    float(drawn.asks[k]),
                    float(drawn.basket_usd[k]),
                    float(drawn.mark[k]),
                    int(drawn.number[k]) - FURTHER * int(further[k]) + counted[bool(further[k])],
                    bool(further[k]),
                )
                for k in range(len(drawn.placed_s))
            ]
        )
        for kind in counted:
            counted[kind] += int((further == kind).sum())
    return days


def _days(market: Market) -> list[list[Shopper]]:
    days: list[list[Shopper]] = []
    for day in range(market.settings.run.days):
        drawn: Any = draw_occasions(
            market.settings.customers,
            market.settings.retailers,
            market.world.households,
            day,
            market.world.streams,
            market.world.channels.names,
            market.world.channels.nests,
        )
        days.append(_shoppers(market, drawn, sum(len(each) for each in days)))
    return days


def _shoppers(market: Market, drawn: Occasions, before: int) -> list[Shopper]:
    purposes = [{"name": name, **each.model_dump()} for name, each in market.settings.customers.purposes.items()]
    return [
        Shopper(
            before + k,
            int(drawn.household[k]),
            purposes[drawn.purpose[k]],
            float(drawn.arrive_s[k]),
            float(drawn.basket_usd[k]),
            int(drawn.category[k]),
            float(drawn.store_pick[k]),
            float(drawn.source_pick[k]),
            float(drawn.picking_s[k]),
            drawn.noise[k].tolist(),
        )
        for k in range(len(drawn))
    ]


def _people(households: Households) -> list[Person]:
    names = ("home", "zone", "price_sensitivity", "travel_usd_per_h", "member")
    return [Person(*row) for row in zip(*(getattr(households, name).tolist() for name in names), strict=True)]


def _gigs(market: Market) -> list[Gig]:
    drivers, chosen = market.world.drivers, market._apps.chosen
    return [
        Gig(
            row,
            int(drivers.home[row]),
            set(),
            float(drivers.reservation_usd_per_h[row]),
            drivers.hourly_taste[row].tolist(),
            drivers.belief_usd_per_h[row].tolist(),
            float(drivers.offset_s[row]),
            place=int(drivers.home[row]),
            chosen={bit for bit in range(len(market.world.couriers)) if int(chosen[row]) & 1 << bit},
        )
        for row in range(len(drivers))
    ]


def _shops(market: Market) -> list[Shop]:
    stores, settings = market.world.stores, market.settings.retailers
    shops = []
    for row in range(len(stores)):
        box = int(stores.mall[row]) == BIG_BOX
        pickers = settings.big_box.pickers if box else settings.mall.pickers
        shops.append(
            Shop(
                row,
                None if box else int(stores.mall[row]),
                int(stores.place[row]),
                int(stores.category[row]),
                settings.margin.big_box if box else settings.margin.mall,
                stores.priority[row].tolist(),
                [0.0] * pickers,
                bool(stores.independent[row]),
            )
        )
    return shops
