"""Who decides what: the rows of the page of decisions, by the functions that decide.

What a row says of when and of what is seen is written here, by hand, since no signature tells it; the rule in words is
the first line of the function, and keys, defaults and ranges are those of conf/: see
`galleria.experiments.report.decisions_page`.
"""

from typing import NamedTuple


class Decision(NamedTuple):
    """One decision of one kind of actor.

    Attributes
    ----------
    what, when, sees
        What is decided, when, and from what information.
    rules
        Functions that decide, as ``module:name`` below `galleria`.
    keys
        Keys of conf/, or nodes whose keys are all meant.
    """

    what: str
    when: str
    sees: str
    rules: tuple[str, ...]
    keys: tuple[str, ...]


DECISIONS: dict[str, tuple[Decision, ...]] = {
    "Customers": (
        Decision(
            "which channel to buy through, or not to buy",
            "at each occasion, the moment it arrives",
            "fees, tips, taxes, mark-ups and quoted times; stores on offer; the way to mall and big box; the zone's "
            "memory of lateness; not the number of drivers, nor other customers",
            ("agents.customers.utility:utility", "agents.customers.choice:choose_channel"),
            (
                "customers.price_sensitivity",
                "customers.value_of_travel_time",
                "customers.dissimilarity",
                "customers.trip",
                "customers.lateness_weight",
                "customers.variety_usd",
                "customers.quote_cap_h",
                "customers.inertia_usd",
            ),
        ),
        Decision(
            "which store of a mall the order goes to",
            "with the choice of the channel",
            "stores of the wanted category that are listed and open, and how often the courier shows them",
            ("agents.customers.store_map:StoreMap.store_in_mall",),
            ("couriers.NAME.independents_weight", "couriers.NAME.mall_pickup_share"),
        ),
        Decision(
            "how late a channel is taken to be",
            "at the close of each day",
            "orders of the own zone that ended that day",
            ("agents.customers.memory:remember",),
            ("customers.memory",),
        ),
        Decision(
            "whether to order a restaurant meal, and of whom",
            "at each occasion for a meal, where `meals=us_2024`",
            "by how much fee, tax, tip, mark-up and quote differ from the usual ones",
            ("agents.customers.meals:meal_demand",),
            (),
        ),
    ),
    "Stores": (
        Decision(
            "in which order to pick",
            "when an order is placed",
            "the own queue",
            ("agents.retailers.retailer:Retailers.pick",),
            ("retailers.mall.pickers", "retailers.big_box.pickers", "retailers.picking"),
        ),
        Decision(
            "whether to be on mall-direct",
            "never, by weekly review, or as the market opens, by `retailers.opt_in.mode`",
            "own orders and those of the category, commission, mark-up, subsidies, costs; neighbours on it",
            ("agents.retailers.opt_in:expected_gain", "agents.retailers.opt_in:review_opt_in"),
            ("retailers.opt_in", "retailers.margin", "retailers.on_call", "retailers.integration_usd_per_week"),
        ),
        Decision(
            "what to ask on an app above the shelf price",
            "when the commission changes",
            "the commission in force, and the one observed",
            ("agents.retailers.app_prices:app_markup",),
            ("retailers.price_pass_through",),
        ),
        Decision(
            "for a landlord: the share of the mall's stores on mall-direct",
            "once, as the market opens, where `retailers.opt_in.mode=landlord`",
            "profits of all the mall's stores and rents, at each share of a grid",
            ("models.strategy.adoption:best_shares",),
            ("retailers.rent_share_of_walk_in", "retailers.rent_share_of_delivered"),
        ),
    ),
    "Drivers": (
        Decision(
            "in which hours of the day to work",
            "at the start of the day, for each of 24 hours; carried out at the driver's own minute of the hour",
            "the own belief of each hour's net pay; the own reservation wage",
            ("agents.drivers.shifts:plan_hours", "agents.drivers.shifts:is_willing"),
            (
                "drivers.reservation",
                "drivers.log_on_cost_usd",
                "drivers.app_cost_usd_per_h",
                "drivers.longest_day_h",
            ),
        ),
        Decision(
            "whether to take an offer",
            "when it is made",
            "its pay and tip, its way and its time to the last door; not what else waits",
            ("agents.drivers.acceptance:accept",),
            ("drivers.acceptance_scale_usd", "drivers.cost_usd_per_km"),
        ),
        Decision(
            "what an hour is believed to pay",
            "at the close of each day",
            "the own pay and time of the hour; of hours not worked, what those who worked earned together",
            ("agents.drivers.beliefs:learnt",),
            ("drivers.belief_rate", "drivers.hearsay", "drivers.at_rest"),
        ),
        Decision(
            "where to wait",
            "when quotes are renewed, for those idle for some minutes; off by default",
            "what waiting drivers earned by zone of late, and the way there",
            ("agents.drivers.relocation:choose_zone",),
            ("drivers.relocation",),
        ),
        Decision(
            "whether to leave the pool for good",
            "at the close of each week; off by default",
            "the own pay of the last weeks",
            ("agents.drivers.clocks:close_weeks",),
            ("drivers.leave_after_weeks", "drivers.leave_below_share"),
        ),
    ),
    "Couriers": (
        Decision(
            "which orders go with which drivers",
            "every `dispatch.interval_s`, couriers in an order drawn afresh",
            "own waiting orders, and idle drivers on the app: ways, times, who declined; for bundles who is soon free",
            ("agents.dispatch.costs:pickup_costs", "agents.dispatch.rules:lap"),
            ("dispatch",),
        ),
        Decision(
            "what to offer a driver",
            "with each offer",
            "km and minutes of the trip, its parcels; policies on pay",
            ("agents.couriers.pay:pay",),
            ("couriers.NAME.pay",),
        ),
        Decision(
            "how long to quote, and whether to take orders at all",
            "every `dispatch.requote_s`",
            "times of own orders that left their store since; orders waiting, drivers on line, their other apps",
            ("agents.couriers.quotes:Quotes.learn", "agents.fleets.load:expected_wait_s"),
            ("couriers.NAME.quote", "couriers.NAME.longest_wait_min"),
        ),
        Decision(
            "when to give an order up",
            "at each dispatch",
            "how far the order is beyond its promise",
            ("agents.fleets.backlog:Backlog.overdue",),
            ("couriers.NAME.patience_h",),
        ),
        Decision(
            "by how much a surge moves pay and fee",
            "every `dispatch.requote_s`; off by default",
            "own orders waiting for each idle driver, by zone of the store",
            ("agents.couriers.surge:surge_factors",),
            ("couriers.NAME.surge",),
        ),
        Decision(
            "fees, and service rates",
            "each week, where `strategy` says so",
            "costs and quotes of the week before; demand by the analytic shares of a sample of shoppers",
            (
                "models.strategy.fees:HillClimbFees.set_fees",
                "models.strategy.fees:NashFees.set_fees",
                "agents.pricing.equilibrium:bertrand_nash",
            ),
            ("strategy.fees",),
        ),
        Decision(
            "base pay",
            "each week, where `strategy=pay`",
            "orders, drivers and pick-up times of the week before",
            ("models.strategy.pay:PayDesk.set_pay", "agents.pricing.pay:PayGame.respond"),
            ("strategy.pay",),
        ),
        Decision(
            "what to pass on of what policies cost",
            "each day from the second on, where a policy lets them",
            "what one more order costs by the policies in force; analytic demand",
            ("agents.pricing.recovery:Recovery.additions",),
            (),
        ),
        Decision(
            "whom to let on line, under a log-in cap",
            "at the start of the day, for each hour",
            "expected orders and the hours they take; drivers' records",
            ("agents.drivers.log_in:places_on_line", "agents.drivers.log_in:admit"),
            (),
        ),
        Decision(
            "which tours vans drive",
            "at the close of each day",
            "all parcels of the day",
            ("agents.couriers.tour_plan:plan_tours", "agents.fleets.tours:plan_routes"),
            ("couriers.NAME.tours",),
        ),
        Decision(
            "how many drivers to hire by the hour or block",
            "at the start of the day, where a courier has a contract",
            "expected orders by hour; who asks least",
            ("agents.drivers.contracts:drivers_needed", "agents.drivers.contracts:hire"),
            ("couriers.NAME.contract",),
        ),
    ),
}
"""By kind of actor. Policies decide too, by their schedule; docs/policies.md has them all."""
