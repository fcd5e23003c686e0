"""What the slow model is given: people, drivers, stores and travel tables, as plain lists; and how to travel."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.reference.rules import Rules

DAY_S = 86_400.0
HOUR_S = 3600.0
FURTHER = 2**31

type Services = dict[tuple[str, int], float]
"""By kind, order or meal, and courier."""


@dataclass
class Person:
    """A household."""

    home: int
    zone: int
    alpha: float
    travel_usd_per_h: float
    member: bool
    last: int = -1


@dataclass
class Shopper:
    """A shopping occasion; `number` counts through all days. Which couriers could have served it, which did quote."""

    number: int
    person: int
    purpose: dict[str, Any]
    arrive_s: float
    basket_usd: float
    category: int
    store_pick: float
    source_pick: float
    picking_s: float
    noise: list[float]
    choice: int = -1
    within: set[int] = field(default_factory=set)
    quoted: set[int] = field(default_factory=set)


@dataclass
class Meal:
    """An occasion to order a restaurant meal; `asks` picks the courier, `mark` decides whether one is ordered.

    `further` where none is while prices and waits are as usual; `number` counts each of the two kinds through all days.
    """

    placed_s: float
    preparation_s: float
    restaurant: int
    origin: int
    home: int
    zone: int
    asks: float
    basket_usd: float
    mark: float
    number: int
    further: bool = False


@dataclass
class Gig:
    """A driver, what became of their time, what they have earned and delivered; `topped_up` is the last day's."""

    number: int
    home: int
    apps: set[int]
    reservation: float
    taste: list[float]
    belief: list[float]
    offset_s: float
    place: int = 0
    online: bool = False
    order: "Parcel | None" = None
    leaving: bool = False
    since_s: float = 0.0
    free_since_s: float = 0.0
    clock: dict[str, float] = field(default_factory=dict)
    shifts: list[tuple[float, float]] = field(default_factory=list)
    earned: list[tuple[float, float]] = field(default_factory=list)
    topped_up: float = 0.0
    record: int = 0
    chosen: set[int] = field(default_factory=set)
    log_ons: int = 0
    costed_h: float = 0.0

    def spend(self, state: str, seconds: float) -> None:
        """Book time."""
        self.clock[state] = self.clock.get(state, 0.0) + seconds


@dataclass
class Shop:
    """A store; `mall` is None for a big box. `pickers` says when each is free."""

    number: int
    mall: int | None
    place: int
    category: int
    margin: float
    priority: list[float]
    pickers: list[float]
    independent: bool
    wanted: set[int] = field(default_factory=set)
    listed: set[int] = field(default_factory=set)


@dataclass
class Parcel:
    """An order."""

    number: int
    day: int
    courier: int
    shopper: Shopper
    shop: Shop | None
    origin: int
    home: int
    zone: int
    placed_s: float
    quoted_s: float
    expected_s: float
    promised_s: float
    fee: float
    service: float
    markup: float
    commission: float
    tip: float
    km: float
    promotion: float = 0.0
    tax: float = 0.0
    ready_s: float = 0.0
    accepted_s: float = 0.0
    arrived_s: float = 0.0
    picked_s: float = 0.0
    delivered_s: float = 0.0
    driver: Gig | None = None
    pickup_km: float = 0.0
    pay: float = 0.0
    raised: float = 0.0
    offers: int = 0
    status: str = "open"
    refused_until_s: dict[int, float] = field(default_factory=dict)
    lapses_s: float = 0.0
    meal: Meal | None = None

    @property
    def noise_number(self) -> int:
        """Number by which the order's noise is found: its occasion's, or the meal's own."""
        return self.shopper.number if self.meal is None else self.meal.number + FURTHER * self.meal.further


class Rest(NamedTuple):
    """What each hour of a day brings once all have learnt: income of all, hours on line by willing driver, spread.

    `meal_quote_h` is by courier and hour.
    """

    income_usd: list[float]
    presence: list[float]
    sd_usd_per_h: list[float]
    meal_quote_h: list[list[float]]


@dataclass
class World:
    """All that is drawn or given before the first day.

    `luck` is that of each day before the first, driver and hour; `kerb` has the stays booked by place and slot,
    `meal_quotes` what was quoted by courier and hour of day since drivers last learnt. `goes` and `newcomers` are the
    numbers by day and driver of who goes, and of what the next one is like; `sample` are shoppers who do not come, and
    on whom demand is worked out; `baseline` is the market as observed, before policies. `fees` and service `rates`
    are those posted; `added` is what couriers add to fees today, and `answer` the orders expected then as parts of
    those without.
    """

    settings: dict[str, Any]
    channels: list[str]
    constants: list[float]
    people: list[Person]
    days: list[list[Shopper]]
    gigs: list[Gig]
    shops: list[Shop]
    time_s: list[list[float]]
    km: list[list[float]]
    zones: int
    malls: list[int]
    warehouse: int
    area_km2: float
    homes: list[float]
    key_tie: int
    key_accept: int
    key_turn: int
    key_access: int
    key_reviews: int
    key_meal_tie: int
    key_meal_accept: int
    meals: list[list[Meal]]
    restaurants: list[int]
    luck: list[list[list[float]]]
    rest: Rest | None
    rules: Rules
    zone_of: list[int]
    goes: list[list[float]]
    newcomers: list[list[list[float]]]
    sample_people: list[Person]
    sample: list[Shopper]
    baseline: "World | None" = None
    fees: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    added: Services = field(default_factory=dict)
    answer: Services = field(default_factory=dict)
    kerb: dict[int, list[list[tuple[float, float]]]] = field(default_factory=dict)
    meal_quotes: dict[tuple[int, int], list[float]] = field(default_factory=dict)

    def arrival_s(self, origin: int, destination: int, depart_s: float) -> float:
        """Drive hour by hour, each at its own speed."""
        left_s, now_s = self.time_s[origin][destination], depart_s
        while True:
            hour = int(now_s // HOUR_S)
            factor = float(self.settings["traffic"]["speed_factor"][hour % 24])
            border_s = (hour + 1) * HOUR_S
            if left_s <= factor * (border_s - now_s):
                return now_s + left_s / factor
            left_s -= factor * (border_s - now_s)
            now_s = border_s
