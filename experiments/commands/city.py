"""`galleria city`: read, check, cache, draw and route on cities before anything is simulated there."""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from galleria.experiments.commands.city_get import get
from galleria.experiments.commands.city_networks import assign, route
from galleria.experiments.commands.city_settings import city_settings, of_city
from galleria.experiments.commands.options import DIR, HELP, as_json, command, config_dir

if TYPE_CHECKING:
    from galleria.models.city import City


@click.group(
    context_settings=HELP,
    epilog="\b\nexamples:\n"
    '  galleria city get "Chandler, Arizona" --population people.csv\n'
    "  galleria city show city=sunbelt",
)
def city() -> None:
    """Get, read, check, cache and draw cities."""


def _built(overrides: Sequence[str], extra: Path | None) -> "tuple[City, float]":
    from galleria.models.city import build_city

    began = time.perf_counter()
    built = build_city(city_settings(overrides, extra), progress=sys.stdout.isatty())
    return built, time.perf_counter() - began


@command("  galleria city build city=sunbelt city.home_places=4000")
@as_json
@of_city
def build(overrides: Sequence[str], config_dir: Path | None, *, as_json: bool) -> None:
    """Build a city and keep it in the cache."""
    from galleria.models.city.cache import default_folder

    city, seconds = _built(overrides, config_dir)
    about = {
        "name": city.name,
        "key": city.key,
        "nodes": city.roads.nodes,
        "edges": city.roads.edges,
        "area_km2": round(city.area_km2, 1),
        "places": city.places.n,
        "zones": city.zones.n,
        "malls": [site.name for site in city.malls],
        "time_resolution_s": city.time.resolution,
        "distance_resolution_km": city.distance.resolution,
        "report": list(city.report),
        "seconds": round(seconds, 2),
        "cache": str(default_folder()),
    }
    if as_json:
        click.echo(json.dumps(about, indent=1))
        return
    click.echo(
        f"{city.name}: {city.roads.nodes:,} road nodes, {city.roads.edges:,} edges, {city.area_km2:,.0f} km2, "
        f"{city.places.n:,} places in {city.zones.n:,} zones, {len(city.malls)} malls. {seconds:.1f} s."
    )
    for sentence in city.report:
        click.echo(f"  - {sentence}")


@command("  galleria city check city.path=graph.graphml.gz")
@as_json
@of_city
def check(overrides: Sequence[str], config_dir: Path | None, *, as_json: bool) -> None:
    """Say all that is wrong with a road graph."""
    from galleria.models.city.build import check_city

    settings = city_settings(overrides, config_dir)
    roads, warnings = check_city(settings)
    if as_json:
        about = {"ok": True, "nodes": roads.nodes, "edges": roads.edges, "warnings": list(warnings)}
        click.echo(json.dumps(about, indent=1))
        return
    counted = f"{len(warnings)} remark{'s' * (len(warnings) != 1)}"
    click.echo(f"{settings.name}: {roads.nodes:,} nodes and {roads.edges:,} edges can be used; no errors, {counted}.")
    for sentence in warnings:
        click.echo(f"  - {sentence}")


@command("  galleria city show city.path=graph.graphml.gz")
@click.option("--output", type=DIR, metavar="DIR", help="Folder of the maps (outputs/city/NAME).")
@of_city
def show(overrides: Sequence[str], config_dir: Path | None, output: Path | None) -> None:
    """Draw a map as PNG and interactive HTML."""
    from galleria.experiments.figures.city_overview import save_overview
    from galleria.experiments.report.city_page import write_page

    city, _ = _built(overrides, config_dir)
    folder = output or Path("outputs") / "city" / city.name
    folder.mkdir(parents=True, exist_ok=True)
    save_overview(city, folder / "map.png")
    write_page(city, folder / "map.html")
    click.echo(f"{folder / 'map.png'}\n{folder / 'map.html'}")


@command("  galleria city list", name="list")
@config_dir
def list_cities(config_dir: Path | None) -> None:
    """List the cities of conf/ and those in the cache."""
    from galleria.experiments.design.compose import CONF, Source, composer
    from galleria.models.city.cache import default_folder, entries

    click.echo("Cities of conf/city (galleria city build city=NAME):")
    with composer(Source(CONF, extra=config_dir)) as compose:
        for name in sorted(compose.options("city")):
            click.echo(f"  {name:<12} {_first_comment(name, config_dir, CONF)}")
    held = entries(default_folder())
    click.echo(f"Cities in the cache {default_folder()}:")
    for about in held:
        click.echo(f"  {about.name:<12} {about.key[:12]}  {about.places:>6,} places  {about.megabytes:>7,.1f} MB")
    if not held:
        click.echo("  none yet")


def _first_comment(name: str, extra: Path | None, conf: Path) -> str:
    """Return the sentence a city's file opens with."""
    for folder in (extra, conf):
        if folder is not None and (file := folder / "city" / f"{name}.yaml").is_file():
            lines = file.read_text(encoding="utf-8").splitlines()
            return next((line[1:].strip() for line in lines if line.startswith("# ") and "@package" not in line), "")
    return ""


for part in (get, build, check, show, list_cities, route, assign):
    city.add_command(part)
