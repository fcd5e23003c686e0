"""What comes out of a run: plain tables that need no market to be read."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from galleria.agents.drivers.settings import CAR
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.agents.kernel.order import Orders, Status
from galleria.models.city import City
from galleria.models.measures import Evidence, measure_all
from galleria.models.measures.events import events_frame
from galleria.models.strategy.strategy import Strategy
from galleria.models.world import DayRecord, World

NOBODY = ""
"""Name of the courier of a meal that none could be asked to carry: the last of the names, which is number -1."""
INTERNAL_OF_DRIVERS = frozenset({"vehicle", "km_at_midnight"})
"""Columns of drivers that are not told as they are: names of vehicles are, where there are several."""
INTERNAL = ("value_usd", "delay_usd_per_h", "expected_s", "sendable_s", "deadline_s", "tie_seed")
"""Columns of orders that say nothing to those who read the table."""


@dataclass(frozen=True)
class Outcome:
    """The tables of one run.

    Attributes
    ----------
    metrics
        Columns metric, unit, value; the measures of `galleria.models.measures`.
    tables
        By name: zones, zone_names, hours and days always; orders, meals, drivers, retailers and diversion as
        `run.tables` asks, events and meal_events as `run.record` does; those of meals only where drivers carry meals.
    """

    metrics: pd.DataFrame
    tables: dict[str, pd.DataFrame]


def write_outcome(world: World, evidence: Evidence, strategy: Strategy) -> Outcome:
    """Measure a finished run and write its tables."""
    run, run_meals = world.settings.run, world.settings.meals is not None
    orders = orders_frame(world, world.orders)
    tables = {
        "zones": zones_frame(world.memory.days, orders, world.channels.names),
        "zone_names": zone_names_frame(world.city),
        "hours": hours_frame(orders),
        "days": days_frame(world.memory.days, orders),
    }
    decided = {"fees": strategy.frame(), "pay": strategy.pay_frame()}
    tables |= {name: frame for name, frame in decided.items() if len(frame)}
    if run.tables in {"orders", "all"}:
        tables["orders"] = orders
        if run_meals:
            tables["meals"] = orders_frame(world, world.meals.orders)
    if run.tables == "all":
        tables["drivers"] = drivers_frame(world)
        tables["retailers"] = retailers_frame(world)
        tables["diversion"] = diversion_frame(world.memory.days, world.channels.names)
    names = tuple(courier.name for courier in world.couriers)
    for name, population in (("events", world.orders), ("meal_events", world.meals.orders)):
        if population.journal is not None:
            tables[name] = events_frame(population, population.journal, names, world.clock.now_s)
    return Outcome(measure_all(evidence), tables)


def orders_frame(world: World, orders: Orders) -> pd.DataFrame:
    """Write one row an order of a population, in the order of placement."""
    names = np.array([*world.channels.names, NOBODY])
    placed = slice(0, orders.count)
    status = np.array([status.name.lower() for status in Status])
    frame = {
        "order": np.arange(orders.count),
        "day": orders.day[placed],
        "courier": names[orders.courier[placed]],
        "channel": names[orders.courier[placed]],
        "status": status[orders.status[placed]],
    }
    for name in Orders.columns():
        if name not in {"day", "courier", "status", *INTERNAL}:
            frame[name] = getattr(orders, name)[placed]
    return pd.DataFrame(frame)


def zones_frame(records: list[DayRecord], orders: pd.DataFrame, channels: tuple[str, ...]) -> pd.DataFrame:
    """Write occasions, orders, delivery time, fee and surplus by day, zone and channel."""
    occasions = pd.concat(
        [
            pd.DataFrame({"day": r.day, "zone": r.zone, "channel": r.choice, "consumer_surplus_usd": r.surplus_usd})
            for r in records
        ]
    )
    keys = ["day", "zone", "channel"]
    by_channel = occasions.groupby(keys, as_index=False).agg(
        occasions=("channel", "size"), consumer_surplus_usd=("consumer_surplus_usd", "sum")
    )
    by_channel["channel"] = np.array(channels)[by_channel["channel"]]
    delivered = orders["status"] == "delivered"
    minutes = ((orders["delivered_s"] - orders["placed_s"]) / 60).where(delivered)
    by_order = (
        orders.assign(minutes=minutes, delivered=delivered)
        .groupby(keys, as_index=False)
        .agg(
            orders=("order", "size"),
            delivered=("delivered", "sum"),
            delivery_min_mean=("minutes", "mean"),
            delivery_min_p50=("minutes", "median"),
            fee_usd_mean=("fee_usd", "mean"),
        )
    )
    frame = by_channel.merge(by_order, on=keys, how="left")
    return frame.fillna({"orders": 0, "delivered": 0}).astype({"orders": np.int64, "delivered": np.int64})


def zone_names_frame(city: City) -> pd.DataFrame:
    """Write one row a zone: its name (the GEOID of a block group, as text), centre and households.

    Joins to `zones` by zone, and to a census by name.
    """
    households = np.bincount(city.places.zone, city.places.households, city.zones.n)
    middle = {"x_km": city.zones.x_km, "y_km": city.zones.y_km}
    return pd.DataFrame({"zone": np.arange(city.zones.n), "name": city.zones.label, **middle, "households": households})


def hours_frame(orders: pd.DataFrame) -> pd.DataFrame:
    """Write orders and times by day, hour of placement and courier."""
    hour = (orders["placed_s"] % DAY_S // HOUR_S).astype(np.int64)
    minutes = ((orders["delivered_s"] - orders["placed_s"]) / 60).where(orders["status"] == "delivered")
    quoted = orders["quoted_s"] / 60
    return (
        orders.assign(hour=hour, minutes=minutes, quoted=quoted, delivered=orders["status"] == "delivered")
        .groupby(["day", "hour", "courier"], as_index=False)
        .agg(
            orders_placed=("order", "size"),
            orders_delivered=("delivered", "sum"),
            delivery_min_mean=("minutes", "mean"),
            quote_min_mean=("quoted", "mean"),
        )
    )


def days_frame(records: list[DayRecord], orders: pd.DataFrame) -> pd.DataFrame:
    """Write one row a day."""
    placed = orders.groupby("day").size()
    delivered = orders[orders["status"] == "delivered"].groupby("day").size()
    return pd.DataFrame(
        {
            "day": [record.day for record in records],
            "occasions": [len(record.choice) for record in records],
            "orders_placed": [int(placed.get(record.day, 0)) for record in records],
            "orders_delivered": [int(delivered.get(record.day, 0)) for record in records],
            "consumer_surplus_usd": [float(record.surplus_usd.sum()) for record in records],
            "opt_in_share": [record.opt_in_share for record in records],
        }
    )


def diversion_frame(records: list[DayRecord], channels: tuple[str, ...]) -> pd.DataFrame:
    """Write one row a pair of channels: customers of the one who would have chosen the other without it."""
    moved = np.sum([record.diverted for record in records], axis=0)
    chosen, second = np.divmod(np.arange(moved.size), len(channels))
    names = np.array(channels)
    other = chosen != second
    columns = {"channel": names[chosen], "instead": names[second], "occasions": moved.ravel()}
    return pd.DataFrame({name: column[other] for name, column in columns.items()})


def drivers_frame(world: World) -> pd.DataFrame:
    """Write one row a driver, totals of the run."""
    drivers = world.drivers
    single = [name for name, column in drivers.columns().items() if column.per is None]
    frame = pd.DataFrame({name: getattr(drivers, name) for name in single if name not in INTERNAL_OF_DRIVERS})
    if vehicles := world.settings.drivers.vehicles:
        frame["vehicle"] = np.array([CAR, *vehicles])[drivers.vehicle]
    return frame.assign(driver=np.arange(len(drivers)), net_usd=world.ledger.balance_usd("driver"))


def retailers_frame(world: World) -> pd.DataFrame:
    """Write one row a store, totals of the run."""
    stores = world.stores
    frame = pd.DataFrame({name: getattr(stores, name) for name in ("mall", "place", "category", "margin")})
    for courier in world.couriers:
        frame[f"on_{courier.name}"] = stores.listed[:, courier.number]
    return frame.assign(retailer=np.arange(len(stores)), profit_usd=world.ledger.balance_usd("store"))
