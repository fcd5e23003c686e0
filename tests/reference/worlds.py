"""The worlds in which the fast and the slow model are compared, and how both are run."""

from functools import lru_cache

from galleria.models.market import Market
from galleria.models.opening.rest import Learn, Rest, Resting
from galleria.models.streams import AT_REST
from tests.market_worlds import BUSY_TOY, city_of, settings_of
from tests.reference.drawn import world_of
from tests.reference.further import FURTHER_WORLDS
from tests.reference.grounds import CROWDED, IMPATIENT, MEALS, SMALL_GRID
from tests.reference.market import SlowMarket
from tests.reference.played import PLAYED
from tests.reference.ruled import RULED

WORLDS: dict[str, tuple[str, ...]] = {
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
    "nine in ten drivers go in a month, log-ins capped by record": (
        *BUSY_TOY,
        *CROWDED,
        "run.days=3",
        "drivers.turnover_per_month=0.9",
        "policy=log_in_cap",
        "policy.log_in_cap.utilisation=0.95",
    ),
    "stores review mall-direct each week, three weeks": (
        *BUSY_TOY,
        *CROWDED,
        "run.days=15",
        "city.households=150",
        "dispatch.interval_s=300",
        "retailers=logit_dynamic",
        "retailers.opt_in.reviewed_per_week=0.8",
        "retailers.opt_in.noise_usd_per_week=60",
        "retailers.mall.independent_share=0.5",
        "policy=commission_cap",
        "policy.commission_cap.stores=independent",
        "policy.commission_cap.cap=0.05",
    ),
    "stores on mall-direct are on it alone, for less, and review it": (
        *BUSY_TOY,
        "run.days=8",
        "dispatch.interval_s=300",
        "retailers=logit_dynamic",
        "retailers.opt_in.exclusive=true",
        "retailers.opt_in.share=0.5",
        "retailers.opt_in.reviewed_per_week=0.9",
    ),
    "opened at rest": (*BUSY_TOY, *CROWDED, *IMPATIENT, "drivers.at_rest.days=2"),
    "opened at rest under a floor on offers": (
        *BUSY_TOY,
        *MEALS,
        "drivers.at_rest.days=1",
        "policy=min_pay_seattle",
        "run.days=2",
    ),
    **RULED,
    **PLAYED,
    **FURTHER_WORLDS,
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
