"""Write a results folder without running the model.

The numbers come from smooth made-up responses plus noise that replications share (as the model's common
random numbers do), so reports and statistics can be tested in a second on any design.
"""

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from galleria.experiments.statistics import summarise

Point = Mapping[str, float | str]

POOL, SHARE = "drivers.pool", "retailers.opt_in.share"
CHANNELS = ("mall_direct", "warehouse", "rival_a", "rival_b", "store_mall", "store_big_box", "none")
COURIERS = ("mall_direct", "rival_a", "rival_b")


@dataclass(frozen=True)
class Design:
    """What a synthetic experiment varies.

    Attributes
    ----------
    points
        Factor values of each point.
    labels, units
        Label and unit of each factor.
    baseline
        Number of the baseline point, or None.
    replications
        Replications of each point.
    failed
        (point, replication) of runs that failed.
    tables
        Names of the tables that are written.
    headline
        Comparisons the experiment names.
    record
        What the provenance says of the design.
    """

    points: Sequence[Point]
    labels: Mapping[str, str]
    units: Mapping[str, str]
    baseline: int | None = 0
    replications: int = 4
    failed: frozenset[tuple[int, int]] = frozenset()
    tables: tuple[str, ...] = ("orders", "hours", "zones", "days")
    headline: tuple[Mapping[str, Any], ...] = ()
    record: Mapping[str, Any] = field(default_factory=lambda: {"kind": "factorial"})
    seed: int = 7


def factorial(factors: Mapping[str, Sequence[float | str]]) -> list[Point]:
    """List every combination of levels."""
    return [dict(zip(factors, values, strict=True)) for values in itertools.product(*factors.values())]


def supply_by_opt_in(
    pools: Sequence[float] = (60, 120, 240, 320, 400), shares: Sequence[float] = (0.05, 0.2, 0.4, 0.6, 0.8)
) -> Design:
    """Return the design of the demonstration experiment."""
    points = factorial({POOL: pools, SHARE: shares})
    middle = {POOL: pools[len(pools) // 2], SHARE: shares[min(1, len(shares) - 1)]}
    return Design(
        points=points,
        labels={POOL: "Driver pool", SHARE: "Mall opt-in"},
        units={POOL: "drivers", SHARE: "share"},
        baseline=points.index(middle),
    )


def responses(point: Point, replication: int, seed: int) -> dict[str, tuple[str, float]]:
    """Return metric -> (unit, value) of one run."""
    shared = np.random.default_rng([seed, replication]).normal(size=8)
    own = np.random.default_rng([seed, replication, abs(hash_of(point))]).normal(size=8)
    pool = number(point.get(POOL, 240), 240)
    share = number(point.get(SHARE, 0.2), 0.2)
    other = sum(number(v, len(str(v))) for k, v in point.items() if k not in {POOL, SHARE})
    occasions = 15000 + 120 * shared[0]
    supply = pool / (pool + 90)
    mall = 0.075 * np.sqrt(share) * supply * (1 + 0.02 * np.tanh(other))
    rivals = 0.065 * supply * (1 - 1.1 * mall)
    split = {
        "mall_direct": mall,
        "warehouse": 0.26 - 0.4 * mall,
        "rival_a": 0.65 * rivals,
        "rival_b": 0.35 * rivals,
        "store_mall": 0.2 - 0.2 * mall,
        "store_big_box": 0.16 - 0.1 * mall,
    }
    split["none"] = 1 - sum(split.values())
    orders = {name: part * occasions for name, part in split.items()}
    gig = sum(orders[name] for name in COURIERS)
    delivery = 38 + 5200 / pool + 0.6 * shared[1] + 0.2 * own[1]
    net = 13.5 + 0.002 * gig - 0.011 * pool + 0.25 * shared[2] + 0.05 * own[2]
    money = {
        "consumer_surplus_usd": 41000 + 26000 * mall + 300 * shared[3] + 20 * own[3],
        "driver_surplus_usd": 900 + 1.1 * orders["mall_direct"] + 40 * shared[4] + 12 * own[4],
        "retailer_profit_joined_usd": 3.5 * orders["mall_direct"] + 60 * shared[5] + 10 * own[5],
        "retailer_profit_not_joined_usd": 21000 * (1 - share) - 4 * orders["mall_direct"] + 90 * shared[5],
        "profit_usd_per_joined_store": 3.5 * orders["mall_direct"] / (40 * share) + 5 * shared[5],
        "profit_usd_per_not_joined_store": 525 - 4 * orders["mall_direct"] / 40 + 4 * shared[5],
        "platform_profit_usd": 8200 - 1.2 * orders["mall_direct"] + 90 * shared[6] + 30 * own[6],
        "rival_profit_usd": 2.1 * rivals * occasions + 35 * shared[6] + 25 * own[5],
        "big_box_profit_usd": 9.5 * orders["store_big_box"] + 150 * own[7],
        "public_revenue_usd": 0.0,
        "external_cost_usd": 420 + 0.9 * gig + 5 * own[7],
    }
    whole = (value for name, value in money.items() if "_per_" not in name)
    money["welfare_usd"] = sum(whole) - 2 * money["external_cost_usd"]
    money["gain_of_joining_usd"] = 320 - 230 * share + 5 * shared[5]
    money["loss_to_neighbours_usd"] = 290 - 170 * share + 4 * shared[5]
    values: dict[str, tuple[str, float]] = {"occasions": ("1/day", occasions)}
    values |= {"orders_placed": ("1/day", gig), "orders_rivals": ("1/day", rivals * occasions)}
    values |= {f"orders_{name}": ("1/day", orders[name]) for name in COURIERS}
    values |= {f"share_{name}": ("-", part) for name, part in split.items()}
    values |= {name: ("$/day", value) for name, value in money.items()}
    values |= {
        "driver_net_usd_per_online_h": ("$/h", net),
        "share_below_minimum_wage": ("-", 0.2),
        "driver_utilisation": ("-", 0.9 - 0.001 * pool),
        "delivery_min_mean": ("min", delivery),
        "delivery_min_p50": ("min", delivery - 4),
        "delivery_min_p90": ("min", delivery + 25),
        "on_time_share": ("-", 0.97 - 12 / pool),
        "vkt_km": ("km/day", 9.5 * gig),
        "opt_in_share": ("-", share),
    }
    return values


def number(value: float | str, otherwise: float) -> float:
    """Read a factor's value as a number."""
    return otherwise if isinstance(value, str) else float(value)


def hash_of(point: Point) -> int:
    """Return the same number for the same factor values in every process."""
    return sum(ord(letter) * (i + 1) for i, letter in enumerate(repr(sorted(point.items()))))


def write_results(folder: Path, design: Design) -> Path:
    """Write the results folder of a design and return its path back."""
    folder.mkdir(parents=True, exist_ok=True)
    keys = [(p, r) for p in range(len(design.points)) for r in range(design.replications)]
    plan = pd.DataFrame(
        [{"run_key": f"{p:04d}{r:04d}", "point": p, "replication": r, **design.points[p]} for p, r in keys]
    )
    done = [key for key in keys if key not in design.failed]
    runs = plan[["run_key", "point", "replication"]].assign(
        seed=design.seed,
        status=["failed" if key in design.failed else "done" for key in keys],
        seconds=0.61,
        error=["ValueError: no path from mall to home 812" if k in design.failed else "" for k in keys],
    )
    metrics = pd.DataFrame(
        [
            {"run_key": f"{p:04d}{r:04d}", "point": p, "replication": r}
            | {"metric": name, "unit": unit, "value": value}
            for p, r in done
            for name, (unit, value) in responses(design.points[p], r, design.seed).items()
        ],
        columns=["run_key", "point", "replication", "metric", "unit", "value"],
    )
    plan.to_parquet(folder / "plan.parquet", index=False)
    runs.to_parquet(folder / "runs.parquet", index=False)
    metrics.to_parquet(folder / "metrics.parquet", index=False)
    summary = summarise(metrics, plan, design.baseline)
    summary.to_parquet(folder / "summary.parquet", index=False)
    summary.to_csv(folder / "summary.csv", index=False)
    for name in design.tables if done else ():
        write_table(folder, name, design, done)
    write_provenance(folder, design)
    return folder


def write_provenance(folder: Path, design: Design) -> None:
    """Write provenance.json and config.yaml."""
    factors = [
        {
            "key": key,
            "label": label,
            "unit": design.units.get(key),
            "values": sorted({p[key] for p in design.points if key in p}, key=str),
        }
        for key, label in design.labels.items()
    ]
    provenance = {
        "experiment": "driver_supply_x_opt_in" if len(factors) == 2 else "run",
        "question": "How many drivers does mall-direct delivery need, and whom does it take orders from?",
        "factors": factors,
        "baseline_point": design.baseline,
        "design": dict(design.record),
        "headline": list(design.headline),
        "galleria": "0.1.0",
        "model_version": "1",
        "python": "3.13.0",
        "commit": "c0ffee1",
        "packages": {"mesa": "3.5.1", "numpy": "2.5.5"},
        "platform": "Linux-6.1-x86_64",
        "config_hash": "9f2ab81c77d0",
        "command": "galleria sweep experiment=driver_supply_x_opt_in",
        "started": "2026-05-04T10:00:00Z",
        "seconds": 61.5,
    }
    (folder / "provenance.json").write_text(json.dumps(provenance, indent=2))
    (folder / "config.yaml").write_text(f"run:\n  days: 1\n  seed: {design.seed}\n")


def write_table(folder: Path, name: str, design: Design, done: Sequence[tuple[int, int]]) -> None:
    """Write one of the tables, in one Parquet file."""
    rng = np.random.default_rng(design.seed)
    frames = [
        TABLES[name](responses(design.points[p], r, design.seed), rng).assign(run_key=f"{p:04d}{r:04d}")
        for p, r in done
    ]
    path = folder / "tables" / name
    path.mkdir(parents=True, exist_ok=True)
    pd.concat(frames, ignore_index=True).to_parquet(path / "part-0.parquet", index=False)


def orders_table(run: Mapping[str, tuple[str, float]], rng: np.random.Generator) -> pd.DataFrame:
    """Make orders whose delivery times have a long right tail."""
    frames = []
    for courier in COURIERS:
        n = round(run[f"orders_{courier}"][1])
        placed = rng.uniform(8 * 3600, 22 * 3600, n)
        minutes = run["delivery_min_p50"][1] * rng.lognormal(0, 0.4, n)
        frames.append(
            pd.DataFrame(
                {
                    "day": 0,
                    "courier": courier,
                    "channel": courier,
                    "zone": rng.integers(0, 100, n).astype("int16"),
                    "placed_s": placed,
                    "delivered_s": placed + 60 * minutes,
                    "status": np.where(rng.random(n) < 0.98, "delivered", "cancelled"),
                    "basket_usd": rng.lognormal(4, 0.6, n),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def hours_table(run: Mapping[str, tuple[str, float]], rng: np.random.Generator) -> pd.DataFrame:
    """Make a day with two peaks."""
    hour = np.arange(24)
    weight = np.exp(-(((hour - 12.5) / 3) ** 2)) + 1.2 * np.exp(-(((hour - 19) / 2.5) ** 2))
    frames = []
    for courier in COURIERS:
        placed = rng.poisson(run[f"orders_{courier}"][1] * weight / weight.sum())
        frames.append(
            pd.DataFrame(
                {
                    "day": 0,
                    "hour": hour,
                    "courier": courier,
                    "orders_placed": placed,
                    "orders_delivered": placed,
                    "drivers_online_mean": 20 + 60 * weight,
                    "drivers_busy_mean": 45 * weight,
                    "delivery_min_mean": run["delivery_min_mean"][1] + 6 * weight,
                    "quote_min_mean": run["delivery_min_mean"][1],
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def zones_table(run: Mapping[str, tuple[str, float]], rng: np.random.Generator) -> pd.DataFrame:
    """Make a city of ten by ten zones in which the far ones wait longer."""
    zone = np.arange(100)
    far = np.hypot(zone % 10 - 4.5, zone // 10 - 4.5)
    frames = [
        pd.DataFrame(
            {
                "day": 0,
                "zone": zone.astype("int16"),
                "channel": channel,
                "occasions": 150,
                "orders": np.maximum(np.round(run[f"orders_{channel}"][1] / 100), 1),
                "delivered": np.maximum(np.round(run[f"orders_{channel}"][1] / 100), 1),
                "delivery_min_mean": run["delivery_min_mean"][1] - 12 + 4 * far + rng.normal(0, 1, 100),
                "delivery_min_p50": run["delivery_min_p50"][1] - 12 + 4 * far + rng.normal(0, 1, 100),
                "fee_usd_mean": 4.99,
                "consumer_surplus_usd": 400 - 9 * far,
            }
        )
        for channel in COURIERS
    ]
    return pd.concat(frames, ignore_index=True)


def days_table(run: Mapping[str, tuple[str, float]], rng: np.random.Generator) -> pd.DataFrame:
    """Make the one day of the run."""
    return pd.DataFrame({"day": [0], "orders_placed": [run["orders_placed"][1] + rng.normal()]})


TABLES = {"orders": orders_table, "hours": hours_table, "zones": zones_table, "days": days_table}
