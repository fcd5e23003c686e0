"""Service at the baseline point: shares, the day by the hour, delivery times, the map of waiting."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from galleria.experiments.figures import (
    DayByHour,
    DeliveryTimes,
    Shares,
    ZoneTimes,
    plot_city_map,
    plot_day,
    plot_delivery_times,
    plot_shares,
)
from galleria.experiments.figures.day import MOST_ROOM
from galleria.experiments.figures.theme import colours
from galleria.experiments.report.charts import Chart, Section
from galleria.experiments.report.responses import estimates
from galleria.experiments.report.study import Study
from galleria.experiments.report.words import channel_label

if TYPE_CHECKING:
    from galleria.models.city import City

_SUBJECT = "mall_direct"
ORDER_COLUMNS = ("courier", "zone", "status", "placed_s", "delivered_s")
"""What delivery times by zone are made of."""
_MOST_COURIERS = 6
_SOON_MIN = 600
_TAIL = 0.995
"""Curves of delivery times end where all but this share has arrived."""


def service_section(study: Study, city: "City | str") -> Section:
    """Draw what customers and drivers meet at the baseline point.

    Parameters
    ----------
    study
        The experiment.
    city
        Its city, or the sentence that says why it cannot be had.
    """
    point = study.centre
    where = study.held(point, but=[])
    named = "baseline point" if study.baseline is not None else "middle point of the design"
    paragraphs = [f"All pictures of this part are of the {named}" + (f" ({where})." if where else ".")]
    charts = [_shares(study, point, paragraphs)] if study.shape == "single" else []
    orders = rows_of(study, "orders", point, ORDER_COLUMNS)
    charts += [_day(study, point), _times(orders, paragraphs), _map(study, point, orders, city, paragraphs)]
    return Section(
        key="service",
        title="The city and its deliveries",
        paragraphs=tuple(paragraphs),
        charts=tuple(chart for chart in charts if chart is not None),
    )


def rows_of(study: Study, name: str, point: int, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return a table's rows of one point with their replication; empty when the table was not kept."""
    results = study.results
    if name not in results.tables:
        return pd.DataFrame()
    plan = results.plan
    keys = plan.loc[plan["point"] == point, ["run_key", "replication"]]
    # The tables of a sweep are far larger than the rows of one point: only these are read.
    rows = pd.read_parquet(
        results.folder / "tables" / name,
        columns=["run_key", *columns],
        filters=[("run_key", "in", keys["run_key"].tolist())],
    )
    return rows.merge(keys, on="run_key")


def _intervals(study: Study, marks: str) -> str:
    n = len(study.cube.replications)
    return f"{marks} are 95 % t intervals over n\u00a0=\u00a0{n} replications." if n > 1 else "One replication."


def _in_order(couriers: pd.Series) -> list[str]:
    """List couriers, mall-direct first and the others by name."""
    return sorted(map(str, couriers.unique()), key=lambda name: (name != _SUBJECT, name))


def _largest(couriers: list[str], size: pd.Series) -> list[str]:
    """Keep mall-direct and the couriers with most orders, as many as can be told apart, in their order."""
    order = sorted(couriers, key=lambda name: (name != _SUBJECT, -float(size[name])))
    return [name for name in couriers if name in order[:_MOST_COURIERS]]


def _shares(study: Study, point: int, paragraphs: list[str]) -> Chart | None:
    channels = study.channels
    if not channels:
        return None
    values = np.stack([study.cube.at(point, f"share_{channel}") for channel in channels])
    if not np.isfinite(values).any():
        paragraphs.append("Nobody had an occasion to shop, so there are no shares to draw.")
        return None
    frame = pd.DataFrame({"channel": [channel_label(c) for c in channels], **estimates(values)})
    tones = {channel_label(channel): tone for channel, tone in colours(channels).items()}
    return Chart(
        name="shares",
        draw=partial(plot_shares, Shares(frame, tones, "Share of shopping occasions")),
        frame=frame,
        caption=f"How shoppers buy: shares of shopping occasions by channel. {_intervals(study, 'Bars')}",
        alt="Bars of the shares: "
        + ", ".join(f"{c} {100 * m:.1f} %" for c, m in zip(frame["channel"], frame["mean"], strict=True)),
    )


def _day(study: Study, point: int) -> Chart | None:
    hours = rows_of(study, "hours", point, ("day", "hour", "courier", "orders_placed"))
    if hours.empty:
        return None
    days = max(int(hours["day"].nunique()), 1)
    couriers = _in_order(hours["courier"])
    size = hours.groupby("courier")["orders_placed"].sum()
    totals = hours.pivot_table(
        index=["courier", "hour"], columns="replication", values="orders_placed", aggfunc="sum", fill_value=0
    )
    drawn = _largest([c for c in couriers if c != "warehouse" and size[c] > 0], size)
    if not drawn:
        return None
    frames = []
    for courier in drawn:
        by_hour = totals.loc[courier].reindex(range(24), fill_value=0).to_numpy(float) / days
        frames.append(pd.DataFrame({"line": channel_label(courier), "hour": np.arange(24), **estimates(by_hour)}))
    frame = pd.concat(frames, ignore_index=True)
    tones = {channel_label(courier): tone for courier, tone in colours(couriers).items()}
    tall = float(frame["high"].max()) > MOST_ROOM * float(frame["mean"].max())
    cut = " Bands are cut at the upper edge." if tall else ""
    which = "each courier" if len(drawn) < _MOST_COURIERS else f"mall-direct and the {len(drawn) - 1} largest couriers"
    return Chart(
        name="day",
        draw=partial(plot_day, DayByHour(frame, tones, "Orders placed (an hour)")),
        frame=frame.rename(columns={"line": "courier"}),
        caption=f"Orders placed with {which} by the hour of the day. {_intervals(study, 'Bands')}{cut}",
        alt=f"Line chart of orders an hour over the day for {', '.join(map(channel_label, drawn))}.",
    )


def _times(orders: pd.DataFrame, paragraphs: list[str]) -> Chart | None:
    if orders.empty:
        paragraphs.append(
            "The distribution of delivery times needs the table of orders, which was not kept: "
            "run with run.tables=orders to have it."
        )
        return None
    done = orders[(orders["status"] == "delivered") & (orders["courier"] != "warehouse")]
    done = done.assign(minutes=(done["delivered_s"] - done["placed_s"]) / 60)
    # Parcels that take a day or more would press the curves of the others into one corner.
    median = done.groupby("courier")["minutes"].median()
    soon = _largest(_in_order(done["courier"][done["courier"].map(median) < _SOON_MIN]), done["courier"].value_counts())
    done = done[done["courier"].isin(soon)]
    minutes = done["minutes"]
    if minutes.empty:
        paragraphs.append("No order was delivered by a courier at this point.")
        return None
    grid = np.linspace(0, float(np.ceil(minutes.quantile(_TAIL))), 181)
    frames, words = [], []
    for courier in soon:
        own = np.sort(minutes[done["courier"] == courier].to_numpy(float))
        share = np.searchsorted(own, grid, side="right") / own.size
        frames.append(pd.DataFrame({"courier": channel_label(courier), "minutes": grid, "share": share}))
        words.append(f"{channel_label(courier)} {np.quantile(own, 0.5):.0f} and {np.quantile(own, 0.9):.0f}")
    frame = pd.concat(frames, ignore_index=True)
    tones = {channel_label(c): tone for c, tone in colours(_in_order(orders["courier"])).items()}
    sentence = "; ".join(words)
    return Chart(
        name="delivery-times",
        draw=partial(plot_delivery_times, DeliveryTimes(frame, tones, "Share of orders delivered")),
        frame=frame,
        caption=(
            f"How long customers wait: share of the delivered orders (n = {len(done):,}, all replications) at the "
            f"door by the minutes since the order. Half and nine-tenths after, in minutes: {sentence}."
        ),
        alt=f"Cumulative distribution of delivery times; half and nine-tenths after, in minutes: {sentence}.",
    )


def _map(study: Study, point: int, orders: pd.DataFrame, city: "City | str", paragraphs: list[str]) -> Chart | None:
    if isinstance(city, str):
        paragraphs.append(f"The map is left out: {city}")
        return None
    times = zone_times(study, point, orders)
    title = "Median minutes from order to door, mall-direct"
    return Chart(
        name="city-map",
        draw=partial(plot_city_map, ZoneTimes(city, times, title)),
        frame=times,
        caption=(
            f"The city {city.name}: roads, malls, warehouses, big boxes, and the median delivery time of "
            "mall-direct orders by zone; grey zones had none."
        ),
        alt=(
            f"Map of {city.name} with {len(city.malls)} malls, {len(city.warehouses)} warehouses and "
            f"{len(city.big_boxes)} big boxes; zones coloured by the median minutes of mall-direct orders."
        ),
    )


def zone_times(study: Study, point: int, orders: pd.DataFrame) -> pd.DataFrame:
    """Return zone and median minutes from order to door of mall-direct orders at a point.

    From the orders where they were kept; else the mean of the runs' and days' medians, weighted by orders.
    """
    if not orders.empty:
        done = orders[(orders["status"] == "delivered") & (orders["courier"] == _SUBJECT)]
        minutes = (done["delivered_s"] - done["placed_s"]) / 60
        by_zone = minutes.groupby(done["zone"]).agg(["median", "size"]).reset_index()
        return by_zone.set_axis(["zone", "minutes", "orders"], axis=1)
    zones = rows_of(study, "zones", point, ("zone", "channel", "delivered", "delivery_min_p50"))
    if zones.empty:
        return pd.DataFrame({"zone": [], "minutes": [], "orders": []}, dtype=float)
    own = zones[(zones["channel"] == _SUBJECT) & (zones["delivered"] > 0)]
    weighted = own.assign(total=own["delivery_min_p50"] * own["delivered"])
    sums = weighted.groupby("zone")[["total", "delivered"]].sum().reset_index()
    return pd.DataFrame(
        {"zone": sums["zone"], "minutes": sums["total"] / sums["delivered"], "orders": sums["delivered"]}
    )
