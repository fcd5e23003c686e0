"""`galleria city`: read, check, cache, draw and route on cities before anything is simulated there."""

import argparse
import csv
import io
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.errors import UsageError

if TYPE_CHECKING:
    from models.city import City
    from models.city.settings import CitySettings

type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 (argparse has no public name)


def register(commands: Subparsers) -> None:
    """Add the command and its subcommands."""
    parser = commands.add_parser("city", help="Read, check, cache and draw cities.", description=__doc__)
    parts = parser.add_subparsers(required=True, metavar="PART")
    build = _part(
        parts, "build", _build, "Build a city and keep it in the cache.", "city=sunbelt city.home_places=4000"
    )
    build.add_argument("--json", action="store_true", help="print the result as JSON")
    check = _part(parts, "check", _check, "Say all that is wrong with a road graph.", "city.path=graph.graphml.gz")
    check.add_argument("--json", action="store_true", help="print the result as JSON")
    show = _part(parts, "show", _show, "Draw a map as PNG and interactive HTML.", "city.path=graph.graphml.gz")
    show.add_argument("--output", type=Path, metavar="DIR", help="folder of the maps (outputs/city/NAME)")
    _part(parts, "list", _list, "List the cities of conf/ and those in the cache.", "")
    route = _part(
        parts,
        "route",
        _route,
        "Seconds of the fastest and metres of the shortest path between nodes of the file.",
        "city.path=graph.graphml.gz --pairs pairs.csv --json",
    )
    route.add_argument("--pairs", type=Path, required=True, metavar="FILE", help="CSV with the columns origin and dest")
    route.add_argument("--json", action="store_true", help="print a list of {origin, destination, seconds, metres}")
    assign = _part(
        parts,
        "assign",
        _assign,
        "User equilibrium of a TNTP network and its trips.",
        "city.path=SiouxFalls_net.tntp --json",
    )
    assign.add_argument("--json", action="store_true", help="print {objective, relative_gap, iterations, seconds}")
    assign.add_argument("--gap", type=float, default=1e-8, help="stop at this relative gap (default 1e-8)")
    assign.add_argument("--iterations", type=int, default=200, help="stop after so many iterations (default 200)")
    assign.add_argument("--flows", type=Path, metavar="FILE", help="write the link flows as CSV")


def _part(parts: Subparsers, name: str, do: Any, summary: str, example: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = parts.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=f"example:\n  galleria city {name} {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("overrides", nargs="*", metavar="KEY=VALUE", help="which city, as Hydra takes it")
    parser.add_argument("--config-dir", type=Path, metavar="DIR", help="a folder of your own YAML files")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    parser.set_defaults(do=lambda args: _say_city_errors(do, args))
    return parser


def _say_city_errors(do: Any, args: argparse.Namespace) -> int:
    from models.city import CityError  # noqa: PLC0415 (slow: only when a city is asked for)

    try:
        do(args)
    except CityError as error:
        raise UsageError(str(error)) from error
    return 0


def settings_of(args: argparse.Namespace) -> "CitySettings":
    """Compose and check the city of a command line; a city.path alone means city=file."""
    from experiments.design.one_node import one_node  # noqa: PLC0415
    from models.city import CitySettings  # noqa: PLC0415

    overrides = list(args.overrides)
    if any(text.startswith("city.path=") for text in overrides) and not any(t.startswith("city=") for t in overrides):
        overrides.insert(0, "city=file")
    settings: CitySettings = one_node("city", CitySettings, overrides, "a city command", args.config_dir)  # type: ignore[arg-type]
    return settings


def _built(args: argparse.Namespace) -> "tuple[City, float]":
    from models.city import build_city  # noqa: PLC0415

    began = time.perf_counter()
    city = build_city(settings_of(args), progress=sys.stdout.isatty())
    return city, time.perf_counter() - began


def _build(args: argparse.Namespace) -> None:
    from models.city.cache import default_folder  # noqa: PLC0415

    city, seconds = _built(args)
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
    if args.json:
        _print(json.dumps(about, indent=1))
        return
    _print(
        f"{city.name}: {city.roads.nodes:,} road nodes, {city.roads.edges:,} edges, {city.area_km2:,.0f} km2, "
        f"{city.places.n:,} places in {city.zones.n:,} zones, {len(city.malls)} malls. {seconds:.1f} s."
    )
    for sentence in city.report:
        _print(f"  - {sentence}")


def _check(args: argparse.Namespace) -> None:
    from models.city.build import check_city  # noqa: PLC0415

    settings = settings_of(args)
    roads, warnings = check_city(settings)
    if args.json:
        about = {"ok": True, "nodes": roads.nodes, "edges": roads.edges, "warnings": list(warnings)}
        _print(json.dumps(about, indent=1))
        return
    counted = f"{len(warnings)} remark{'s' * (len(warnings) != 1)}"
    _print(f"{settings.name}: {roads.nodes:,} nodes and {roads.edges:,} edges can be used; no errors, {counted}.")
    for sentence in warnings:
        _print(f"  - {sentence}")


def _show(args: argparse.Namespace) -> None:
    from experiments.figures.city_overview import save_overview  # noqa: PLC0415
    from experiments.report.city_page import write_page  # noqa: PLC0415

    city, _ = _built(args)
    folder = args.output or Path("outputs") / "city" / city.name
    folder.mkdir(parents=True, exist_ok=True)
    save_overview(city, folder / "map.png")
    write_page(city, folder / "map.html")
    _print(f"{folder / 'map.png'}\n{folder / 'map.html'}")


def _list(args: argparse.Namespace) -> None:
    from experiments.design.compose import (  # noqa: PLC0415
        CONF,
        Source,
        composer,
    )
    from models.city.cache import default_folder, entries  # noqa: PLC0415

    _print("Cities of conf/city (galleria city build city=NAME):")
    with composer(Source(CONF, extra=args.config_dir)) as compose:
        for name in sorted(compose.options("city")):
            _print(f"  {name:<12} {_first_comment(name, args.config_dir, CONF)}")
    held = entries(default_folder())
    _print(f"Cities in the cache {default_folder()}:")
    for about in held:
        _print(f"  {about.name:<12} {about.key[:12]}  {about.places:>6,} places  {about.megabytes:>7,.1f} MB")
    if not held:
        _print("  none yet")


def _first_comment(name: str, extra: Path | None, conf: Path) -> str:
    """Give the sentence a city's file opens with."""
    for folder in (extra, conf):
        if folder is not None and (file := folder / "city" / f"{name}.yaml").is_file():
            lines = file.read_text(encoding="utf-8").splitlines()
            return next((line[1:].strip() for line in lines if line.startswith("# ") and "@package" not in line), "")
    return ""


def _route(args: argparse.Namespace) -> None:
    from models.city.route import route  # noqa: PLC0415

    pairs = _read_pairs(args.pairs)
    found = route(settings_of(args), pairs)
    if args.json:
        _print(json.dumps(found, indent=1))
        return
    out = io.StringIO()
    writer = csv.DictWriter(out, ["origin", "destination", "seconds", "metres"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    _print(out.getvalue().rstrip())


def _read_pairs(path: Path) -> list[tuple[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--pairs {path} cannot be read ({error})") from error
    columns = set(rows[0]) if rows else set()
    last = next((name for name in ("dest", "destination") if name in columns), None)
    if "origin" not in columns or last is None:
        held = ", ".join(columns) or "nothing"
        raise UsageError(f"--pairs {path} needs the columns origin and dest and at least one row; it has {held}")
    return [(row["origin"].strip(), row[last].strip()) for row in rows]


def _assign(args: argparse.Namespace) -> None:
    from models.city.errors import CityError  # noqa: PLC0415
    from models.city.settings import FileSettings  # noqa: PLC0415
    from models.traffic.assignment import assign_tntp  # noqa: PLC0415

    settings = settings_of(args)
    if not isinstance(settings, FileSettings):
        raise CityError("galleria city assign needs a TNTP network: city.path=NAME_net.tntp.")
    began = time.perf_counter()
    network, result = assign_tntp(
        Path(settings.path),
        None if settings.trips is None else Path(settings.trips),
        gap=args.gap,
        iterations=args.iterations,
        weights=settings.read.tntp_weights,
    )
    seconds = time.perf_counter() - began
    if args.flows is not None:
        with args.flows.open("w", newline="", encoding="utf-8") as stream:
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
    _print(json.dumps(about) if args.json else "\n".join(f"{name:<14}{value}" for name, value in about.items()))


def _print(text: str) -> None:
    print(text)  # noqa: T201 (a command speaks)
