"""Identities L1 to L7 of model 10.1 on finished runs, from columns and tables, not from the market's own checks."""

from itertools import pairwise

import numpy as np
import pandas as pd

from galleria.agents.kernel.arrays import Bools, Floats
from galleria.agents.kernel.clock import DAY_S
from galleria.agents.kernel.order import Status
from galleria.experiments.verification.findings import Finding, near, none_of
from galleria.experiments.verification.registry import row
from galleria.experiments.verification.space_laboratory import Observed
from galleria.experiments.verification.towns import at_random, laboratory, town
from galleria.experiments.verification.worlds import run_of
from galleria.models.market import Market
from galleria.models.measures.outcome import Outcome
from galleria.models.money.settlement import SINKS

CENT = 0.01
TOY = ("city=toy", "city.households=400", "customers.occasions_per_household_day=1.0", "drivers.pool=60")
WORLDS: dict[str, tuple[str, ...]] = {
    "base": (*TOY, "run.days=2"),
    "full": (*TOY, "market=full"),
    "bundled": (*TOY, "dispatch=lap_bundled", "drivers.pool=30"),
    "policies": (*TOY, "policy=[min_pay_nyc_hourly,log_in_cap,congestion_charge,mall_subsidy]", "run.days=2"),
    "crowded": (*TOY, "customers.occasions_per_household_day=3.0", "drivers.pool=25", "dispatch=nearest_immediate"),
}
WORLD = {name: {"world": name} for name in WORLDS}
EVERY = "every run; two days of a small town, as the case says"


def lost_orders(market: Market, outcome: Outcome) -> Bools:
    """L1: tell for each count of orders whether it differs from where orders end, by courier, hour, day and zone."""
    orders, n = market.world.orders, market.world.orders.count
    value = outcome.metrics.set_index("metric")["value"]
    ends = np.bincount(orders.status[:n], minlength=len(Status))
    named = [value[f"orders_{end}"] * market.settings.run.days for end in ("open", "delivered", "cancelled")]
    wrong = [*(np.abs(np.array([*named, 0]) - ends) > 1e-6).tolist()]
    hours = outcome.tables["hours"]
    for number, courier in enumerate(market.world.couriers):
        chosen = sum(int((record.choice == number).sum()) for record in market.world.memory.days)
        wrong.append((orders.courier[:n] == number).sum() != chosen)
        wrong.append(hours.loc[hours["courier"] == courier.name, "orders_placed"].sum() != chosen)
    wrong.append(outcome.tables["days"]["orders_delivered"].sum() != ends[Status.DELIVERED])
    wrong.append(outcome.tables["zones"]["orders"].sum() != n)
    wrong.append(len(np.unique(orders.occasion[:n])) != n)
    return np.array(wrong)


def clock_gaps_s(market: Market) -> Floats:
    """L2: return by driver how far the sum of states is from the time on line, s."""
    drivers = market.world.drivers
    on_trips_s = drivers.to_pickup_s + drivers.at_store_s + drivers.to_door_s + drivers.at_door_s
    gap_s = np.abs(drivers.idle_s + on_trips_s + drivers.relocate_s - drivers.online_s)
    return np.asarray(np.where(drivers.on_duty, 0.0, gap_s))


def km_gaps(market: Market) -> Floats:
    """L2: return by driver how far the km of orders are from those of the driver."""
    drivers, orders = market.world.drivers, market.world.orders
    rows = np.flatnonzero(orders.driver[: orders.count] >= 0)
    gaps = [
        np.abs(np.bincount(orders.driver[rows], getattr(orders, name)[rows], minlength=len(drivers)) - driven)
        for name, driven in (("pickup_km", drivers.pickup_km), ("loaded_km", drivers.loaded_km))
    ]
    return np.concatenate(gaps)


def on_two_trips(market: Market) -> Bools:
    """L2: tell for each trip but a driver's first whether it starts before the one before has ended."""
    orders = market.world.orders
    rows = np.flatnonzero(orders.driver[: orders.count] >= 0)
    trip = orders.trip[rows].astype(np.int64)
    trips = int(trip.max(initial=-1)) + 1
    starts_s, ends_s, driver = np.full(trips, np.inf), np.zeros(trips), np.full(trips, -1)
    np.minimum.at(starts_s, trip, orders.accepted_s[rows])
    np.maximum.at(ends_s, trip, orders.delivered_s[rows])
    driver[trip] = orders.driver[rows]
    two_drivers = driver[trip] != orders.driver[rows]
    by_driver = np.lexsort((starts_s, driver))
    same = driver[by_driver][1:] == driver[by_driver][:-1]
    overlap = starts_s[by_driver][1:][same] < ends_s[by_driver][:-1][same] - 1e-6
    return np.concatenate([two_drivers, overlap])


def unbalanced_units(market: Market) -> int:
    """L3: return by how many units of money accounts do not sum to zero, and couriers are not their firms."""
    ledger = market.world.ledger
    firms = dict.fromkeys(market.settings.firms, 0)
    for courier, units in zip(market.settlement.couriers, ledger.contribution.tolist(), strict=True):
        firms[courier.firm] += units
    gaps = [abs(units - int(ledger.balance[market.settlement.firm(name)])) for name, units in firms.items()]
    return abs(int(ledger.balance.sum())) + sum(gaps)


def welfare_gap_usd(market: Market, outcome: Outcome) -> float:
    """L3: return how far welfare by surpluses is from what was felt less what was used up, $."""
    ledger, days = market.world.ledger, market.settings.run.days
    value = outcome.metrics.set_index("metric")["value"]
    gross_usd = value["consumer_surplus_usd"] * days - ledger.total_usd("customers")
    used_usd = sum(ledger.total_usd(sink) for sink in SINKS) + float(market.world.drivers.forgone_usd.sum())
    expected_usd = gross_usd - used_usd - value["external_cost_usd"] * days
    return float(abs(value["welfare_usd"] * days - expected_usd))


def stays_s(market: Market) -> tuple[float, float]:
    """L4: return the integral over time of the orders in the system, and the sum of their stays, s."""
    orders, n = market.world.orders, market.world.orders.count
    ended = np.flatnonzero(np.isfinite(orders.delivered_s[:n]) & (orders.status[:n] == Status.DELIVERED))
    start_s, end_s = orders.placed_s[ended], orders.delivered_s[ended]
    time_s = np.concatenate([start_s, end_s])
    order = np.argsort(time_s, kind="stable")
    if not len(ended):
        return 0.0, 0.0
    present = np.cumsum(np.repeat([1, -1], len(start_s))[order])
    return float(present[:-1] @ np.diff(time_s[order])), float((end_s - start_s).sum())


def effects_before_causes(market: Market) -> Bools:
    """L5: tell for each step of each order whether it comes before the step that causes it."""
    orders, n = market.world.orders, market.world.orders.count
    ended = np.flatnonzero(np.isfinite(orders.delivered_s[:n]) & (orders.status[:n] == Status.DELIVERED))
    driven = ended[orders.driver[ended] >= 0]
    chain = [getattr(orders, f"{name}_s")[driven] for name in ("placed", "accepted", "arrived", "picked", "delivered")]
    wrong = [earlier > later + 1e-6 for earlier, later in pairwise(chain)]
    wrong.append(orders.picked_s[driven] < orders.ready_s[driven] - 1e-6)
    wrong.append(orders.ready_s[ended] < orders.placed_s[ended])
    wrong.append(orders.placed_s[:n] // DAY_S != orders.day[:n])
    return np.concatenate(wrong)


@row("L1", EVERY, oracle="identity", cases=WORLD)
def orders_conserved(world: str) -> Finding:
    """Counts of orders that differ from where orders ended, by courier, hour, day and zone."""
    return none_of(lost_orders(*run_of(*WORLDS[world])))


@row("L2.clock", EVERY, oracle="identity", cases=WORLD)
def clocks(world: str) -> Finding:
    """Largest distance of a driver's states from the time on line, s."""
    return near(clock_gaps_s(run_of(*WORLDS[world])[0]).max(), 0.0, by=1e-5)


@row("L2.km", EVERY, oracle="identity", cases=WORLD)
def kilometres(world: str) -> Finding:
    """Largest distance of a driver's km from those of the orders."""
    return near(km_gaps(run_of(*WORLDS[world])[0]).max(), 0.0, by=1e-9)


@row("L2.trips", EVERY, oracle="identity", cases=WORLD)
def trips(world: str) -> Finding:
    """Trips that overlap with another of the driver."""
    return none_of(on_two_trips(run_of(*WORLDS[world])[0]))


@row("L3.ledger", f"{EVERY}; exact", oracle="identity", cases=WORLD)
def ledger(world: str) -> Finding:
    """Units of money that are nobody's."""
    return near(unbalanced_units(run_of(*WORLDS[world])[0]), 0.0)


@row("L3.welfare", EVERY, oracle="felt less used up", cases=WORLD)
def welfare(world: str) -> Finding:
    """Distance of welfare by two ways, $."""
    return near(welfare_gap_usd(*run_of(*WORLDS[world])), 0.0, by=CENT)


@row("L4", EVERY, oracle="Little, path by path", cases=WORLD)
def little(world: str) -> Finding:
    """Orders in the system integrated over time, s."""
    integral, total = stays_s(run_of(*WORLDS[world])[0])
    return near(integral, total, share=1e-9)


@row("L5", EVERY, oracle="causes come before effects", cases=WORLD)
def causality(world: str) -> Finding:
    """Steps of orders that come before what causes them."""
    return none_of(effects_before_causes(run_of(*WORLDS[world])[0]))


def differing(first: Outcome, second: Outcome) -> int:
    """Return how many cells of the tables of orders, drivers and measures differ, in any bit."""
    cells = 0
    for name in ("orders", "drivers"):
        cells += _cells(first.tables[name], second.tables[name])
    return cells + _cells(first.metrics.set_index("metric"), second.metrics.set_index("metric"))


def _cells(first: pd.DataFrame, second: pd.DataFrame) -> int:
    if first.shape != second.shape:
        return max(first.size, second.size)
    equal = first.eq(second) | (first.isna() & second.isna())
    return int((~equal).to_numpy().sum())


NOTHING: dict[str, tuple[str, ...]] = {
    "none": ("policy=none",),
    "a pay floor of 0": (
        "policy=min_pay_seattle",
        *(f"policy.min_pay_seattle.usd_per_{unit}=0" for unit in ("min", "mile", "offer")),
    ),
    "a tax of 0": ("policy=delivery_fee_co", "policy.delivery_fee_co.usd_per_order=0"),
    "a cap of 1": ("policy=commission_cap", "policy.commission_cap.cap=1.0"),
    "a fee cap of 1000 $": ("policy=delivery_fee_cap", "policy.delivery_fee_cap.highest_usd=1000"),
    "a charge of 0": (
        "policy=congestion_charge",
        "policy.congestion_charge.usd_per_km=0",
        "policy.congestion_charge.usd_per_entry=0",
    ),
    "a subsidy of 0": ("policy=mall_subsidy", "policy.mall_subsidy.usd_per_order=0"),
    "a floor from day 9": ("policy=min_pay_seattle", "policy.min_pay_seattle.from_day=9"),
}


@row(
    "L6",
    "two days of a small town; exact",
    oracle="the same without it",
    cases={name: {"policy": policy} for name, policy in NOTHING.items()},
)
def null_policies(policy: tuple[str, ...]) -> Finding:
    """Cells of orders, drivers and measures that a policy without strength changes."""
    return near(differing(run_of(*WORLDS["base"])[1], run_of(*WORLDS["base"], *policy)[1]), 0.0)


def served_by(brands: int) -> Observed:
    """Let one dispatcher serve a town's requests, placed with so many brands that pool their drivers."""
    lab = laboratory(town(10.0, 30.0, euclid=True), 0.3, brands=brands)
    return at_random(lab, 40, 100.0, 800, seed=6)


@row("L7", "fully pooled dispatch and drivers, 800 requests; exact", oracle="one brand with the joint demand")
def merger_neutrality() -> Finding:
    """Requests that another driver serves, or at another time, where two brands pool."""
    one, two = served_by(1).orders, served_by(2).orders
    n = one.count
    never = np.isnan(one.delivered_s[:n]) & np.isnan(two.delivered_s[:n])
    same = (one.driver[:n] == two.driver[:n]) & ((one.delivered_s[:n] == two.delivered_s[:n]) | never)
    return none_of(~same)
