"""A recorded run as the page reads it: plain columns of orders, offers and drivers' ways."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from galleria.experiments.figures.theme import colours
from galleria.experiments.report.words import channel_label, metric_title
from galleria.experiments.view.paths import Paths
from galleria.experiments.view.recording import Recording
from galleria.experiments.view.spans import STATES, Span, spans_of, ways_of

_MONEY = ("service_usd", "markup_usd", "tax_usd", "tip_usd", "commission_usd", "basket_usd", "promotion_usd")
_WHOSE = ("household", "occasion", "quoted_s")
_HEADLINE = (
    "consumer_surplus_usd",
    "driver_surplus_usd",
    "retailer_profit_usd",
    "platform_profit_usd",
    "rival_profit_usd",
    "public_revenue_usd",
    "external_cost_usd",
    "welfare_usd",
    "orders_gig",
    "delivery_min_mean",
    "on_time_share",
    "driver_net_usd_per_online_h",
    "driver_utilisation",
    "drivers_online_mean",
    "mall_visits",
    "warehouse_orders",
)
"""Measures of the whole run that the page lists at the end of its charts."""


class Log(NamedTuple):
    """The log of all that drivers bring, in one numbering: meals follow the orders.

    Attributes
    ----------
    events
        As in docs/events.md.
    first_meal
        Number of the first meal.
    """

    events: pd.DataFrame
    first_meal: int


def log_of(recording: Recording) -> Log:
    """Put the log of orders and that of meals together."""
    goods = recording.tables["events"]
    meals = recording.tables.get("meal_events", goods.iloc[:0])
    first_meal = int(goods["order"].max()) + 1 if len(goods) else 0
    return Log(_together(goods, meals, first_meal), first_meal)


def day_of(recording: Recording, paths: Paths) -> dict[str, Any]:
    """Return what the page plays of a run.

    Times are whole seconds since the first midnight, dollars to a cent, -1 and null stand for nothing. Orders and meals
    share one numbering: meals follow the orders.

    Parameters
    ----------
    recording
        The run.
    paths
        Of its city.
    """
    goods = recording.tables["events"]
    meals = recording.tables.get("meal_events", goods.iloc[:0])
    events, first_meal = log_of(recording)
    names = [str(name) for name in events["courier"].cat.categories]
    spans = spans_of(events, recording.door_s)
    orders = _orders(events, recording.tables, first_meal)
    return {
        "title": recording.title,
        "days": recording.days,
        "last_s": _last_s(events, recording.days),
        "couriers": [{"name": name, "label": channel_label(name), "colour": colours(names)[name]} for name in names],
        "states": STATES,
        "first_meal": first_meal,
        "orders": orders,
        "offers": _offers(events),
        **_drivers(spans, paths),
        "stores": _stores(recording, goods, first_meal),
        "restaurants": sorted(set(meals.loc[meals["event"] == "packed", "place"].tolist())),
        "zones": _zones(recording.tables.get("zones"), recording.city.zones.n),
        "metrics": _metrics(recording.metrics),
    }


def _together(goods: pd.DataFrame, meals: pd.DataFrame, first_meal: int) -> pd.DataFrame:
    """Put meals behind the orders, all in the order of time."""
    if meals.empty:
        return goods
    numbered = meals.assign(order=meals["order"].where(meals["order"] < 0, meals["order"] + first_meal))
    both = pd.concat([goods, numbered], ignore_index=True)
    for name in ("event", "courier"):
        both[name] = pd.Categorical(both[name], categories=goods[name].cat.categories)
    return both.sort_values("time_s", kind="stable", ignore_index=True)


def _last_s(events: pd.DataFrame, days: int) -> int:
    """Return when the clock stops: after the last day, or when the last driver is off line."""
    driven = events.loc[events["driver"] >= 0, "time_s"]
    return int(np.ceil(max(days * 86_400, driven.max() if len(driven) else 0)))


def _orders(events: pd.DataFrame, tables: Mapping[str, pd.DataFrame], first_meal: int) -> dict[str, list[Any]]:
    """Return one entry an order: when what happened, where, whose it is and, where known, the money."""
    n = int(events["order"].max()) + 1 if len(events) else 0
    of: dict[str, pd.DataFrame] = {
        str(kind): part.drop_duplicates("order").set_index("order")
        for kind, part in events[events["order"] >= 0].groupby("event", observed=True)
    }

    def column(kind: str, name: str) -> pd.Series:
        found = of.get(kind)
        return pd.Series(np.nan, range(n)) if found is None else found[name].astype(float).reindex(range(n))

    courier = events.assign(code=events["courier"].cat.codes)[events["event"] == "placed"].set_index("order")["code"]
    columns: dict[str, list[Any]] = {
        name: _plain(column(kind, "time_s"), 0)
        for name, kind in (
            ("placed", "placed"),
            ("packed", "packed"),
            ("accepted", "accepted"),
            ("arrived", "arrived"),
            ("picked", "picked_up"),
            ("delivered", "delivered"),
            ("cancelled", "cancelled"),
        )
    }
    columns["courier"] = _plain(courier.reindex(range(n)), 0)
    for name, kind, source in (
        ("store", "placed", "store"),
        ("home", "placed", "place"),
        ("origin", "packed", "place"),
        ("driver", "accepted", "driver"),
    ):
        columns[name] = _plain(column(kind, source).fillna(-1), 0)
    columns["fee"] = _plain(column("placed", "usd"), 2)
    columns["pay"] = _plain(column("accepted", "usd"), 2)
    numbered = (("orders", 0), ("meals", first_meal))
    kept = [tables[name].set_index(tables[name]["order"] + first) for name, first in numbered if name in tables]
    if kept:
        frame = pd.concat(kept).reindex(range(n))
        columns |= {name.removesuffix("_usd"): _plain(frame[name], 2) for name in _MONEY if name in frame}
        columns |= {name.removesuffix("_s"): _plain(frame[name], 0) for name in _WHOSE if name in frame}
    return columns


def _offers(events: pd.DataFrame) -> dict[str, list[Any]]:
    """Return the offers to drivers, one entry an order of each, and whether they were declined."""
    offered = events[events["event"] == "offered"]
    no = events.loc[events["event"] == "declined", ["time_s", "order", "driver"]].assign(declined=1)
    asked = offered.merge(no.drop_duplicates(), on=["time_s", "order", "driver"], how="left")
    return {
        "time": _plain(asked["time_s"], 0),
        "order": asked["order"].tolist(),
        "driver": asked["driver"].tolist(),
        "usd": _plain(asked["usd"], 2),
        "declined": asked["declined"].fillna(0).astype(int).tolist(),
    }


def _drivers(spans: list[Span], paths: Paths) -> dict[str, Any]:
    """Return what drivers do as rows of eight numbers, and the ways that they refer to."""
    ways = paths.between(ways_of(spans))
    number = {way: k for k, way in enumerate(ways)}
    rows: dict[int, list[int]] = {}
    for span in spans:
        way = number.get((span.origin, span.place), -1)
        row = (round(span.from_s), round(span.to_s), span.state, way, span.place, span.order, span.courier)
        rows.setdefault(span.driver, []).extend(row)
    return {
        "drivers": [{"driver": driver, "spans": mine} for driver, mine in rows.items()],
        "ways": [np.rint(points * [1, 1, 10_000]).astype(int).ravel().tolist() for points in ways.values()],
    }


def _stores(recording: Recording, goods: pd.DataFrame, first_meal: int) -> list[dict[str, Any]]:
    """Return the stores: where they stand and, where known, on which apps they are."""
    if (kept := recording.tables.get("retailers")) is not None:
        on = [name for name in kept.columns if str(name).startswith("on_")]
        return [
            {"place": int(row["place"]), "mall": int(row["mall"]), "on": [str(n)[3:] for n in on if row[n]]}
            for row in kept.to_dict("records")
        ]
    seen = goods[(goods["event"] == "packed") & (goods["store"] >= 0) & (goods["order"] < first_meal)]
    place = seen.drop_duplicates("store").set_index("store")["place"]
    return [{"place": int(place.get(k, -1)), "mall": -1, "on": []} for k in range(max(place.index, default=-1) + 1)]


def _zones(zones: pd.DataFrame | None, n: int) -> dict[str, list[Any]]:
    """Return occasions and surplus of the whole run by zone."""
    if zones is None:
        return {"occasions": [0] * n, "surplus": [None] * n}
    sums = zones.groupby("zone")[["occasions", "consumer_surplus_usd"]].sum().reindex(range(n)).fillna(0)
    return {"occasions": _plain(sums["occasions"], 0), "surplus": _plain(sums["consumer_surplus_usd"], 2)}


def _metrics(metrics: pd.DataFrame) -> list[dict[str, Any]]:
    known = metrics.set_index("metric")
    return [
        {
            "name": name,
            "title": metric_title(name, str(known.loc[name, "unit"])),
            "unit": str(known.loc[name, "unit"]),
            "value": _plain(known.loc[[name], "value"], 6)[0],
        }
        for name in _HEADLINE
        if name in known.index
    ]


def _plain(column: pd.Series, digits: int) -> list[Any]:
    """Return rounded numbers, None for what is not known."""
    values = column.to_numpy(float)
    rounded: list[Any] = (np.rint(values) if digits == 0 else np.round(values, digits)).tolist()
    if digits == 0:
        return [None if value != value else int(value) for value in rounded]  # noqa: PLR0124 (nan)
    return [None if value != value else value for value in rounded]  # noqa: PLR0124 (nan)
