"""`galleria city route` and `galleria city assign`: answers of a road graph that other programs can check."""

import csv
import io
import json
import time
from collections.abc import Sequence
from pathlib import Path

import click

from galleria.experiments.commands.city_settings import city_settings, of_city
from galleria.experiments.commands.options import DIR, as_json, command
from galleria.models.errors import UsageError


@command("  galleria city route city.path=graph.graphml.gz --pairs pairs.csv --json")
@click.option("--pairs", type=DIR, required=True, metavar="FILE", help="CSV with the columns origin and dest.")
@as_json
@of_city
def route(overrides: Sequence[str], config_dir: Path | None, pairs: Path, *, as_json: bool) -> None:
    """Print seconds of the fastest and metres of the shortest path between nodes of the file."""
    from galleria.models.city.route import route as find

    found = find(city_settings(overrides, config_dir), _read_pairs(pairs))
    if as_json:
        click.echo(json.dumps(found, indent=1))
        return
    out = io.StringIO()
    writer = csv.DictWriter(out, ["origin", "destination", "seconds", "metres"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    click.echo(out.getvalue(), nl=False)


def _read_pairs(path: Path) -> list[tuple[str, str]]:
    from galleria.models.city.readers.csv_text import read_table

    if not path.exists():
        raise UsageError(f"--pairs {path} cannot be read (there is no such file)")
    table = read_table(path, maybe=("origin", "dest", "destination"))
    last = next((name for name in ("dest", "destination") if name in table), None)
    if "origin" not in table or last is None or table.empty:
        held = ", ".join(table.columns[:12]) or "nothing"
        raise UsageError(f"--pairs {path} needs the columns origin and dest and at least one row; it has {held}")
    return list(zip(table["origin"], table[last], strict=True))


@command("  galleria city assign city.path=SiouxFalls_net.tntp --json")
@click.option("--gap", type=float, default=1e-8, show_default=True, help="Stop at this relative gap.")
@click.option("--iterations", type=int, default=200, show_default=True, help="Stop after so many iterations.")
@click.option("--flows", type=DIR, metavar="FILE", help="Write the link flows as CSV.")
@as_json
@of_city
def assign(
    overrides: Sequence[str],
    config_dir: Path | None,
    gap: float,
    iterations: int,
    flows: Path | None,
    *,
    as_json: bool,
) -> None:
    """Find the user equilibrium of a TNTP network and its trips."""
    from galleria.models.city.settings import FileSettings
    from galleria.models.traffic.tntp_networks import assign_tntp

    settings = city_settings(overrides, config_dir)
    if not isinstance(settings, FileSettings):
        raise UsageError("galleria city assign needs a TNTP network: city.path=NAME_net.tntp.")
    began = time.perf_counter()
    network, result = assign_tntp(
        Path(settings.path),
        None if settings.trips is None else Path(settings.trips),
        gap=gap,
        iterations=iterations,
        weights=settings.read.tntp_weights,
    )
    seconds = time.perf_counter() - began
    if flows is not None:
        with flows.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(["from", "to", "volume", "cost"])
            links = zip(network.tail, network.head, result.flow, result.cost, strict=True)
            writer.writerows((int(u) + 1, int(v) + 1, float(flow), float(cost)) for u, v, flow, cost in links)
    about = {
        "objective": result.objective,
        "relative_gap": result.relative_gap,
        "iterations": result.iterations,
        "seconds": round(seconds, 3),
    }
    click.echo(json.dumps(about) if as_json else "\n".join(f"{name:<14}{value}" for name, value in about.items()))
