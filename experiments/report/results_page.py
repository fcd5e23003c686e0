"""The reference of the results folder, as Markdown: every file, every column, its unit and meaning.

Called as ``python -m galleria.experiments.report.results_page > docs/results.md``. Columns of orders, drivers and
stores are told by what declares them; those that are worked out from others are told here, and a test compares both
with the tables of a run.
"""

import sys
from collections.abc import Iterator, Mapping

from galleria.agents.drivers.columns import DriverColumns
from galleria.agents.kernel.order import Orders
from galleria.agents.kernel.population import Population
from galleria.agents.retailers.retailer import Retailers
from galleria.models.measures import registry
from galleria.models.measures.outcome import INTERNAL, INTERNAL_OF_DRIVERS

RUN = ("run_key", "-", "which run: a name that its settings, seed and model version give it")
POINT = ("point", "-", "number of the design point")
REPLICATION = ("replication", "-", "number of the replication")
WEEK = ("week", "-", "week, from 0")
DAY = ("day", "-", "day, from 0")
ZONE = ("zone", "-", "number of the zone")
COURIER = ("courier", "-", "name of the courier")
DELIVERY_MIN = ("delivery_min_mean", "min", "mean time from placement to door of those delivered")

FILES: Mapping[str, tuple[str, str]] = {
    "config.yaml": ("always", "the base configuration, resolved"),
    "provenance.json": (
        "always",
        "command, versions, commit, seed, design, factors, hypotheses; SHA-256 of the tables",
    ),
    "plan.parquet": ("always", "what is to be run, written before anything runs"),
    "runs.parquet": ("always", "what became of each run"),
    "metrics.parquet": ("always", "every measure of every run"),
    "summary.parquet, summary.csv": ("always", "every measure at every point, and against the baseline point"),
    "tables/NAME/*.parquet": ("see below", "one table, 64 runs a file"),
    "report/index.html": ("always", "the report, one page without other files"),
    "report/figures/": ("always", "figures as PNG (or by `galleria report DIR --pictures svg,pdf`), data as CSV"),
    "report/what_if.html": (
        "where the design has points enough for a surface",
        "sliders for the factors, answered with intervals",
    ),
    "report/report.md, report/report.tex": (
        "by `galleria report DIR --format md` or `tex`",
        "the report as a manuscript",
    ),
}
"""File -> when it is there, and what it holds."""

TABLES: Mapping[str, tuple[str, tuple[tuple[str, str, str], ...]]] = {
    "plan": (
        "One row a run.",
        (
            RUN,
            POINT,
            REPLICATION,
            ("KEY", "of the key", "one column for each factor, by its key: its value at the point"),
        ),
    ),
    "runs": (
        "One row a run that came to an end.",
        (
            RUN,
            POINT,
            REPLICATION,
            ("seed", "-", "root seed, the same for all points of a replication"),
            ("status", "-", "`done` or `failed`"),
            ("seconds", "s", "wall time of the simulation"),
            ("error", "-", "what went wrong, in one line; empty when nothing did"),
        ),
    ),
    "metrics": (
        "One row a run and measure.",
        (
            RUN,
            POINT,
            REPLICATION,
            ("metric", "-", "name of the measure, see [measures](#measures)"),
            ("unit", "-", "its unit"),
            ("value", "of the row", "its value; no number where there is nothing to measure"),
        ),
    ),
    "summary": (
        "One row a point and measure.",
        (
            POINT,
            ("metric", "-", "name of the measure"),
            ("unit", "-", "its unit"),
            ("n", "-", "replications that have a value"),
            ("mean", "of the row", "mean over replications"),
            ("sd", "of the row", "standard deviation over replications"),
            ("ci_low", "of the row", "lower end of the 95 % t interval of the mean"),
            ("ci_high", "of the row", "its upper end"),
            ("diff", "of the row", "mean difference from the baseline point, paired by replication"),
            ("diff_ci_low", "of the row", "lower end of its 95 % t interval"),
            ("diff_ci_high", "of the row", "its upper end"),
            ("p_adjusted", "-", "p value of the difference, by Holm over the points of the measure"),
        ),
    ),
    "zones": (
        "Always; one row a day, zone and channel.",
        (
            RUN,
            DAY,
            ZONE,
            ("channel", "-", "what was chosen"),
            ("occasions", "-", "occasions of households of the zone that chose it"),
            ("consumer_surplus_usd", "$", "their surplus, up to a constant"),
            ("orders", "-", "orders placed"),
            ("delivered", "-", "of these, those delivered"),
            DELIVERY_MIN,
            ("delivery_min_p50", "min", "median of the same"),
            ("fee_usd_mean", "$", "mean delivery fee"),
        ),
    ),
    "zone_names": (
        "Always; one row a zone.",
        (
            RUN,
            ZONE,
            ("name", "-", "name of the zone: of a block group its GEOID, as text"),
            ("x_km", "km", "centre, east of the city's middle"),
            ("y_km", "km", "centre, north of it"),
            ("households", "-", "households that live there"),
        ),
    ),
    "hours": (
        "Always; one row a day, hour of placement and courier.",
        (
            RUN,
            DAY,
            ("hour", "-", "hour of the day, 0 to 23"),
            COURIER,
            ("orders_placed", "-", "orders placed"),
            ("orders_delivered", "-", "of these, those delivered"),
            DELIVERY_MIN,
            ("quote_min_mean", "min", "mean time quoted"),
        ),
    ),
    "days": (
        "Always; one row a day.",
        (
            RUN,
            DAY,
            ("occasions", "-", "shopping occasions"),
            ("orders_placed", "-", "orders placed"),
            ("orders_delivered", "-", "of these, those delivered"),
            ("consumer_surplus_usd", "$", "surplus of all occasions, up to a constant"),
            ("opt_in_share", "-", "share of mall stores on mall-direct"),
        ),
    ),
    "fees": (
        "Where fees are set by `strategy`; one row a courier and week.",
        (
            RUN,
            WEEK,
            COURIER,
            ("firm", "-", "who owns it"),
            ("fee_usd", "$", "fee in force"),
            ("service_rate", "-", "service fee in force, a share of the basket"),
            ("quote_h", "h", "mean quote of the week"),
            ("unit_cost_usd", "$", "what an order cost the firm"),
            ("value_usd", "$", "what an order with a mean basket is worth beside its margin"),
            ("share", "-", "share of occasions at these fees and quotes"),
            ("profit_usd_per_day", "$/day", "profit, that value counted"),
            ("regret_usd_per_day", "$/day", "what the best other fee could have gained, all others as they were"),
        ),
    ),
    "pay": (
        "Where base pay is set (`strategy=pay`); one row a courier and week.",
        (
            RUN,
            WEEK,
            COURIER,
            ("firm", "-", "who owns it"),
            ("base_usd", "$", "base pay in force"),
            ("pickup_min", "min", "mean time from acceptance to the store"),
            ("idle_drivers", "drivers", "mean number of idle drivers"),
            ("regret_usd_per_day", "$/day", "what the best of five levels could have gained, all others as they were"),
        ),
    ),
    "diversion": (
        "With `run.tables=all`; one row a pair of channels.",
        (
            RUN,
            ("channel", "-", "what was chosen"),
            ("instead", "-", "what would have been chosen without it"),
            ("occasions", "-", "occasions of which both are true"),
        ),
    ),
}
"""Table -> when it is there, and its columns: name, unit, meaning."""

EVENTS: tuple[tuple[str, str, str], ...] = (
    RUN,
    ("time_s", "s", "since the first midnight"),
    ("event", "-", "kind of event, see [events.md](events.md)"),
    ("order", "-", "row of `orders` (of `meals` in `meal_events`), -1 for none"),
    ("driver", "-", "row of `drivers`, -1 for none"),
    ("courier", "-", "courier of the order, empty for none"),
    ("store", "-", "row of `retailers` (a restaurant in `meal_events`), -1 for none"),
    ("place", "-", "place of the city"),
    ("km", "km", "kilometres, empty where the event has none"),
    ("usd", "$", "dollars, empty where the event has none"),
)


def tables() -> dict[str, tuple[str, tuple[tuple[str, str, str], ...]]]:
    """Return all tables: when each is there, and its columns."""
    orders = (
        RUN,
        ("order", "-", "number of the order: its row"),
        DAY,
        COURIER,
        ("channel", "-", "channel that was chosen, the courier's"),
        ("status", "-", "`delivered`, `cancelled`, `open`, or of meals `refused`"),
        *_declared(Orders, {"day", "courier", "status", *INTERNAL}),
    )
    drivers = (*_declared(DriverColumns, {*INTERNAL_OF_DRIVERS}), ("driver", "-", "number of the driver: its row"))
    stores = (
        *(each for each in _declared(Retailers) if each[0] in {"mall", "place", "category", "margin"}),
        ("on_COURIER", "-", "whether it is on the courier's app at the end, a column for each courier"),
        ("retailer", "-", "number of the store: its row"),
        ("profit_usd", "$", "its profit over the run"),
    )
    return dict(TABLES) | {
        "orders": ("With `run.tables=orders` or `all`; one row an order, times in s since the first midnight.", orders),
        "meals": ("As `orders`, where drivers carry restaurant meals.", orders),
        "drivers": (
            (
                "With `run.tables=all`; one row a driver, state at the end and totals of the run. Where "
                "`drivers.vehicles` names some, `vehicle` is the name of the driver's."
            ),
            (RUN, *drivers, ("net_usd", "$", "pay and tips less all costs of driving and of shifts")),
        ),
        "retailers": ("With `run.tables=all`; one row a store.", (RUN, *stores)),
        "events": ("With `run.record=true`; one row an event.", EVENTS),
        "meal_events": ("With `run.record=true`, where drivers carry restaurant meals.", EVENTS),
    }


def _declared(population: type[Population], without: set[str] | None = None) -> Iterator[tuple[str, str, str]]:
    for name, column in population.columns().items():
        if column.per is None and name not in (without or set()):
            yield name, column.unit, column.meaning


def page() -> str:
    """Write the page."""
    lines = [
        "# Results, column by column",
        "",
        "Written by `python -m galleria.experiments.report.results_page`; a test compares it with the tables of a run.",
        "A results folder is what `galleria run` and `galleria sweep` write; `galleria.load(DIR)` reads it, and",
        '`galleria query DIR "select ..."` asks it by the names of the tables.',
        "",
        "| file | when | holds |",
        "|---|---|---|",
    ]
    lines += [f"| `{name}` | {when} | {what} |" for name, (when, what) in FILES.items()]
    for name, (when, columns) in tables().items():
        lines += ["", f"## {name}", "", when, "", "| column | unit | meaning |", "|---|---|---|"]
        lines += [f"| `{column}` | {unit} | {meaning} |" for column, unit, meaning in columns]
    told = registry()
    return "\n".join(
        [
            *lines,
            "",
            "## Measures",
            "",
            f"`metric` names one of the {len(told)} measures, or families of them, in [measures.md](measures.md), each",
            "with unit and definition: the registry of measures writes that page, and plugins add to it.",
            "",
        ]
    )


def main() -> None:
    """Print the page."""
    sys.stdout.write(page())


if __name__ == "__main__":
    main()
