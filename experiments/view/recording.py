"""A recorded run: what the page is told of, from a results folder or from a market that has just run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from pydantic import TypeAdapter, ValidationError

from galleria.experiments.design.draws import complete, with_draw
from galleria.experiments.design.one_node import one_tree
from galleria.experiments.design.trees import has_key, with_value
from galleria.experiments.results import Results, load
from galleria.models.city import City, CitySettings, build_city
from galleria.models.errors import UsageError
from galleria.models.market import Market
from galleria.models.measures.events import events_frame
from galleria.models.measures.outcome import Outcome, retailers_frame

NOT_RECORDED = "keeps no event log: run it again with run.record=true"


@dataclass(frozen=True, eq=False)
class Recording:
    """One run of a market with its event log.

    Attributes
    ----------
    title
        What tells it from others.
    city
        Where it took place.
    door_s
        Time at a door, s.
    days
        Days of it.
    metrics
        Columns metric, unit, value.
    tables
        By name; events always.
    """

    title: str
    city: City
    door_s: float
    days: int
    metrics: pd.DataFrame
    tables: Mapping[str, pd.DataFrame] = field(repr=False)

    @classmethod
    def of_market(cls, title: str, market: Market, outcome: Outcome) -> Self:
        """Take the tables of a market that has run to its end.

        Raises
        ------
        UsageError
            It keeps no event log.
        """
        if "events" not in outcome.tables:
            raise UsageError(f"this market {NOT_RECORDED}")
        settings = market.settings
        door_s = settings.drivers.door_min * 60
        return cls(title, market.world.city, door_s, settings.run.days, outcome.metrics, outcome.tables)

    @classmethod
    def at_present(cls, title: str, market: Market) -> Self:
        """Take what has happened in a market so far, and what is bound to happen to orders under way.

        Raises
        ------
        UsageError
            It keeps no event log.
        """
        world = market.world
        names = tuple(courier.name for courier in world.couriers)
        tables = {}
        for name, orders in (("events", world.orders), ("meal_events", world.meals.orders)):
            if orders.journal is not None:
                tables[name] = events_frame(orders, orders.journal, names, np.inf)
        if "events" not in tables:
            raise UsageError(f"this market {NOT_RECORDED}")
        tables["retailers"] = retailers_frame(world)
        if market.running:  # what is charged for an order is written when its day closes
            tables["events"].loc[tables["events"]["event"] == "placed", "usd"] = np.nan
        last_s = max(
            [
                market.time,
                *(tables[name]["time_s"].max() for name in ("events", "meal_events") if len(tables.get(name, ()))),
            ]
        )
        tables["events"] = pd.concat([tables["events"], _log_offs(tables["events"], last_s + 1)], ignore_index=True)
        nothing = pd.DataFrame({"metric": [], "unit": [], "value": []})
        settings = market.settings
        return cls(title, world.city, settings.drivers.door_min * 60, settings.run.days, nothing, tables)


def _log_offs(events: pd.DataFrame, at_s: float) -> pd.DataFrame:
    """Return log-offs of those who are still on line."""
    step = events["event"].map({"logged_on": 1, "logged_off": -1}).astype(float).fillna(0)
    online = step.groupby(events["driver"]).sum()
    rows = events.iloc[: int((online > 0).sum())].copy()
    rows["driver"] = online.index[online > 0].to_numpy(np.int32)
    rows["event"] = pd.Categorical(["logged_off"] * len(rows), categories=events["event"].cat.categories)
    rows["courier"] = pd.Categorical([None] * len(rows), categories=events["courier"].cat.categories)
    return rows.assign(time_s=at_s, order=-1, store=-1, place=-1, km=np.nan, usd=np.nan)


def read_recording(folder: Path, point: int | None = None, replication: int | None = None) -> Recording:
    """Read one run of a results folder.

    Parameters
    ----------
    folder
        The results folder.
    point, replication
        Which run; None for the first that was done.

    Raises
    ------
    UsageError
        There is no such run, it keeps no event log, or its city cannot be had.
    """
    results = load(folder)
    runs = results.runs[results.runs["status"] == "done"].sort_values(["point", "replication"])
    for name, number in (("point", point), ("replication", replication)):
        runs = runs if number is None else runs[runs[name] == number]
    if runs.empty:
        raise UsageError(f"{folder} has no finished run of point {point}, replication {replication}")
    if "events" not in results.tables:
        raise UsageError(f"{folder} {NOT_RECORDED}")
    run = runs.iloc[0]
    config = settings_of_run(results, int(run["point"]), int(run["replication"]))
    tables = {name: _of_run(results.table(name), str(run["run_key"])) for name in results.tables}
    if tables["events"].empty:
        raise UsageError(f"{folder} keeps no event log of point {run['point']}, replication {run['replication']}")
    return Recording(
        title_of_point(results, int(run["point"])),
        _city(config, folder),
        float(config["drivers"]["door_min"]) * 60,
        int(config["run"]["days"]),
        _of_run(results.metrics, str(run["run_key"])),
        tables,
    )


def settings_of_run(results: Results, point: int, replication: int) -> dict[str, Any]:
    """Return the configuration of a run: the base, with the draw of its replication and the factors of its point in it.

    Of config groups only the city is put in: what else they choose, a view does not read.
    """
    config = results.config
    draws = complete(results.provenance.get("uncertainty")) or [{}]
    config = with_draw(config, draws[replication % len(draws)])
    for key, value in _factors(results, point).items():
        if key == "city":
            config = {**config, "city": one_tree([f"city={value}"], "a replay", None)["city"]}
        elif "." in key and has_key(config, key):
            config = with_value(config, key, value)
    return config


def title_of_point(results: Results, point: int) -> str:
    """Name a point by its factors."""
    named = ", ".join(f"{key}={value}" for key, value in _factors(results, point).items())
    return named or results.folder.name


def _factors(results: Results, point: int) -> dict[str, Any]:
    plan = results.plan
    row = plan[plan["point"] == point].iloc[0]
    return {str(key): row[key] for key in plan.columns if key not in {"run_key", "point", "replication"}}


def _of_run(frame: pd.DataFrame, run_key: str) -> pd.DataFrame:
    return frame[frame["run_key"] == run_key].drop(columns="run_key").reset_index(drop=True)


def _city(config: Mapping[str, Any], folder: Path) -> City:
    try:
        settings: CitySettings = TypeAdapter(CitySettings).validate_python(config["city"])
        return build_city(settings)
    except ValidationError as error:
        raise UsageError(f"the city of {folder} does not fit this version of Galleria") from error
