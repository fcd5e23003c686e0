"""The worlds in which the fast and the slow model are compared, and how both are run."""

from functools import lru_cache

from galleria.models.market import Market
from galleria.models.opening.rest import Learn, Rest, Resting
from galleria.models.streams import AT_REST
from tests.market_worlds import BUSY_TOY, city_of, settings_of
from tests.reference.drawn import world_of
from tests.reference.market import SlowMarket

SMALL_GRID = (
    "city=grid",
    "city.nodes_per_side=9",
    "city.spacing_km=1.0",
    "city.households=150",
    "city.home_places=60",
    "city.big_boxes.rows=2",
    "city.big_boxes.columns=1",
    "city.big_boxes.spacing_km=4.0",
    "customers.occasions_per_household_day=2.0",
    "drivers.pool=60",
    "couriers.mall_direct.service_radius_km=5.0",
)
CROWDED = (
    "customers.observed_share.mall_direct=0.20",
    "customers.observed_share.warehouse=0.10",
    "customers.observed_share.rival_a=0.20",
    "customers.observed_share.rival_b=0.15",
    "customers.observed_share.store_mall=0.10",
    "customers.observed_share.store_big_box=0.10",
    "customers.observed_share.none=0.15",
    "retailers.big_box.pickers=6",
    "dispatch.candidates=2",
    "dispatch.age_weight=2.0",
)
"""Half of all shoppers want a gig driver: couriers compete for drivers, orders for the nearest."""

IMPATIENT = (
    "couriers.rival_a.patience_h=0.05",
    "couriers.rival_b.patience_h=0.05",
    "couriers.rival_a.observed.preparation_min=12.0",
    "couriers.rival_b.observed.preparation_min=12.0",
    "couriers.rival_a.longest_wait_min=1500",
    "couriers.rival_b.longest_wait_min=1500",
    "drivers.acceptance_scale_usd=6.0",
    "retailers.big_box.pickers=1",
)
"""Customers give up soon, drivers decline often, one picker a big box: orders queue and are cancelled."""

MEALS = (
    "meals=us_2024",
    "meals.orders_per_household_day=0.5",
    "meals.restaurants_per_1000_households=20",
    "drivers.pool=60",
)
"""Restaurant meals on the same drivers."""

WORLDS = {
    "a day of toy": BUSY_TOY,
    "two days of toy, learnt and remembered": (*BUSY_TOY, *CROWDED, *IMPATIENT, "run.days=2"),
    "two days of a grid": (*SMALL_GRID, "run.days=2"),
    "few drivers, crowded": (
        *SMALL_GRID,
        *CROWDED,
        "drivers.pool=25",
        "drivers.multi_homing_share=0.9",
        "customers.occasions_per_household_day=4.0",
    ),
    "many drivers, crowded": (*SMALL_GRID, *CROWDED, "drivers.pool=150"),
    "rivals by purpose": (
        *SMALL_GRID,
        "customers.occasions_per_household_day=6.0",
        "couriers.rival_a.serves=[stock_up]",
        "couriers.rival_b.serves=[whenever,today]",
    ),
    "first dispatch": (*SMALL_GRID, *CROWDED, *IMPATIENT, "dispatch=nearest_immediate"),
    "strictly in turn": (*SMALL_GRID, *CROWDED, "drivers.pool=30", "dispatch=fcfs"),
    "drivers choose": (*SMALL_GRID, *CROWDED, "dispatch=nearest_waiting", "drivers.pool=30"),
    "cheapest pair first": (*SMALL_GRID, *CROWDED, "dispatch=greedy", "drivers.pool=30"),
    "at each event": (*SMALL_GRID, *CROWDED, *IMPATIENT, "dispatch.interval_s=0", "dispatch=nearest_immediate"),
    "offered again at once": (*BUSY_TOY, *CROWDED, *IMPATIENT, "dispatch.interval_s=0", "dispatch.offer_expiry_s=0"),
    "lap at each event": (*BUSY_TOY, *CROWDED, *IMPATIENT, "dispatch.interval_s=0", "run.days=2"),
    "sharp drivers, no congestion": (*BUSY_TOY, "drivers.acceptance_scale_usd=0.0", "traffic=free_flow"),
    "two slots at the kerb": (
        *SMALL_GRID,
        *CROWDED,
        "retailers.kerb.slots=2",
        "couriers.mall_direct.fee_usd=0.0",
        "drivers.acceptance_scale_usd=4.0",
        "retailers.handover_min=12.0",
    ),
    "dear commissions": (*BUSY_TOY, "couriers.rival_a.commission=0.3", "couriers.rival_b.commission=0.1"),
    "tips asked for afterwards": (*BUSY_TOY, "couriers.rival_a.tip_prompt=after", "couriers.rival_b.tip_prompt=after"),
    "members alone, free above a threshold, by noon; rivals' members at a fee of their own": (
        *BUSY_TOY,
        "market=pilot",
        "couriers.rival_a.fee_schedule={members_only: false, members_fee_usd: 1.5, members_free_above_usd: 60}",
        "policy=delivery_fee_cap",
        "policy.delivery_fee_cap.lowest_usd=0.5",
    ),
    "ranked first, ranked last, a discount": (
        *BUSY_TOY,
        "couriers.mall_direct.attention_usd=5",
        "couriers.warehouse.attention_usd=-5",
        "couriers.rival_a.promotion_usd=2.5",
    ),
    "meals beside": (*BUSY_TOY, *MEALS, "run.days=2"),
    "meals, crowded and impatient": (
        *SMALL_GRID,
        *CROWDED,
        *IMPATIENT,
        *MEALS,
        "drivers.pool=25",
        "couriers.rival_b.longest_wait_min=10",
    ),
    "meals at each event": (
        *BUSY_TOY,
        *IMPATIENT,
        *MEALS,
        "couriers.rival_a.tip_prompt=after",
        "dispatch.interval_s=0",
        "dispatch=nearest_immediate",
    ),
    "meals answer commissions capped, tips asked for afterwards, and waits": (
        *BUSY_TOY,
        *MEALS,
        "drivers.pool=25",
        "drivers.at_rest.days=2",
        "meals.fee_usd=5.0",
        "meals.couriers={mall_direct: 1.0, rival_a: 2.0, rival_b: 3.0}",
        "policy=[commission_cap,tip_prompt_after]",
        "policy.commission_cap.added_fee_usd=0.5",
        "run.days=2",
    ),
    "few kinds of store, slow": (*SMALL_GRID, "retailers.picking.mean_min=28.0", "retailers.mall.stores=6"),
    "a floor on offers, and fees that answer": (
        *SMALL_GRID,
        *CROWDED,
        "drivers.pool=30",
        "policy=min_pay_seattle",
        "policy.min_pay_seattle.added_fee_usd=1.0",
    ),
    "a floor on minutes in two zones, phased in, meals beside": (
        *BUSY_TOY,
        *MEALS,
        "run.days=2",
        "policy=min_pay_nyc",
        "policy.min_pay_nyc.phase_in_days=2",
        "policy.min_pay_nyc.usd_per_min=0.8",
        "policy.min_pay_nyc.zones=[0,2]",
    ),
    "commissions capped, sellers' prices answer": (
        *BUSY_TOY,
        "policy=[commission_cap,delivery_fee_cap]",
        "policy.commission_cap.cap=0.08",
        "policy.commission_cap.added_fee_usd=3.0",
        "policy.delivery_fee_cap.highest_usd=4.5",
        "retailers.price_pass_through=0.8",
    ),
    "independents capped and shown less, half in force": (
        *BUSY_TOY,
        "run.days=2",
        "retailers.mall.independent_share=0.5",
        "policy=[commission_cap,demote_capped]",
        "policy.commission_cap.cap=0.08",
        "policy.commission_cap.stores=independent",
        "policy.demote_capped.weight=0.2",
        "policy.demote_capped.phase_in_days=2",
        "couriers.rival_b.independents_weight=0.6",
    ),
    "prompts for tips moved, and moved back by law": (
        *BUSY_TOY,
        "run.days=2",
        "policy=[tip_prompt_after,tip_prompt_before]",
        "policy.tip_prompt_after.share=0.6",
        "policy.tip_prompt_before.from_day=1",
    ),
    "log-ins capped, by record": (
        *BUSY_TOY,
        *CROWDED,
        "run.days=2",
        "drivers.multi_homing_share=0.3",
        "policy=log_in_cap",
        "policy.log_in_cap.utilisation=0.95",
    ),
    "log-ins capped by lot, meals beside, half in force": (
        *BUSY_TOY,
        *MEALS,
        "drivers.multi_homing_share=0.3",
        "run.days=2",
        "policy=log_in_cap",
        "policy.log_in_cap.utilisation=0.9",
        "policy.log_in_cap.access=lot",
        "policy.log_in_cap.phase_in_days=2",
    ),
    "hours cost nothing to save on, a cap half in force": (
        *BUSY_TOY,
        *CROWDED,
        "run.days=2",
        "policy=log_in_cap",
        "policy.log_in_cap.phase_in_days=2",
    ),
    "floors on hours": (
        *BUSY_TOY,
        *CROWDED,
        *IMPATIENT,
        "policy=min_pay_nyc_hourly",
        "policy.min_pay_nyc_hourly.usd_per_trip_h=35",
        "policy.min_pay_nyc_hourly.added_fee_usd=1.0",
        "run.days=2",
    ),
    "floors on hours, log-ins at least cost, meals beside": (
        *BUSY_TOY,
        *MEALS,
        "policy=[min_pay_nyc_hourly,log_in_cap]",
        "policy.min_pay_nyc_hourly.usd_per_trip_h=40",
        "drivers.door_min=3.7",  # with whole minutes a trip ended at a moment of dispatch but for the last bit
        "run.days=2",
    ),
    "opened at rest": (*BUSY_TOY, *CROWDED, *IMPATIENT, "drivers.at_rest.days=2"),
    "opened at rest under a floor on offers": (
        *BUSY_TOY,
        *MEALS,
        "drivers.at_rest.days=1",
        "policy=min_pay_seattle",
        "run.days=2",
    ),
}


@lru_cache(maxsize=50)
def both(*overrides: str) -> tuple[Market, SlowMarket]:
    """Run both models; a world that names `drivers.at_rest.days` opens at the rest of the fast one's so many days."""
    given = any(override.startswith("dispatch=") for override in overrides)
    settings = settings_of("run.tables=all", *(() if given else ("dispatch=lap",)), *overrides)
    city, rest = city_of(settings.city), None
    if any(override.startswith("drivers.at_rest.days=") for override in overrides):
        rest = rest_of(*overrides)
    market = Market(settings, city, rest=rest)
    slow = SlowMarket(world_of(market, rest))
    market.run()
    slow.run()
    return market, slow


def rest_of(*overrides: str) -> Rest:
    """Learn what hours bring from the fast model's days before the first."""
    resting = Resting()
    market_at_rest(*overrides, learn=resting).run()
    assert resting.rest is not None
    return resting.rest


def market_at_rest(*overrides: str, learn: Learn) -> Market:
    """Return the market of the days before the first, in a replication that no run has."""
    settings = settings_of("dispatch=lap", *overrides)
    update = {"run": settings.run.model_copy(update={"days": settings.drivers.at_rest.days, "runout_h": 0.0})}
    return Market(settings.model_copy(update=update), city_of(settings.city), AT_REST, learn=learn)
