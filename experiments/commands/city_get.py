"""`galleria city get`: a city folder from files that are there, or from OpenStreetMap by the name of a place."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from galleria.experiments.commands.city_settings import city_settings
from galleria.experiments.commands.options import DIR, as_json, command, config_dir, overrides, plugins
from galleria.models.errors import UsageError

if TYPE_CHECKING:
    from galleria.models.city.get import MapSettings, Source, Square
    from galleria.models.city.settings import SunbeltSettings

EXAMPLES = """  galleria city get "Chandler, Arizona"
  galleria city get tysons --population people.csv
  galleria city get --point 33.3014,-111.8985 --radius 12 --name chandler
  galleria city get --from roads.osm.pbf --population people.csv
  galleria city get chandler --from arizona.osm.pbf
  galleria city get chandler --streets generated --population people.csv"""


@dataclass(frozen=True)
class _Asking:
    """What stands on the command line."""

    where: str | None
    overrides: tuple[str, ...]
    source: Path | None
    population: Path | None
    point: str | None
    radius: float | None
    name: str | None
    out: Path | None
    config_dir: Path | None
    as_json: bool
    overpass: str | None
    nominatim: str | None
    streets: str | None

    @property
    def word(self) -> str | None:
        """The word before KEY=VALUE pairs, where there is one."""
        return None if self.where is None or "=" in self.where else self.where

    @property
    def preset(self) -> str | None:
        """The word where it names a city of the configuration."""
        from galleria.experiments.design.compose import CONF

        folders = [folder for folder in (self.config_dir, CONF) if folder is not None]
        word = self.word if self.word is not None and re.fullmatch(r"[A-Za-z0-9_]+", self.word) else None
        return word if any((folder / "city" / f"{word}.yaml").is_file() for folder in folders) else None

    @property
    def place(self) -> str | None:
        """The word where it does not."""
        return None if self.preset else self.word

    @property
    def changes(self) -> tuple[str, ...]:
        """All KEY=VALUE pairs, and the addresses of servers as such."""
        asked = self.overrides if self.where is None or self.word else (self.where, *self.overrides)
        servers = {"overpass": self.overpass, "nominatim": self.nominatim}
        return (*(f"city.servers.{name}={_quoted(url)}" for name, url in servers.items() if url), *asked)


@command(EXAMPLES)
@click.argument("where", required=False, metavar="[PLACE or PRESET]")
@overrides
@click.option(
    "--from",
    "source",
    type=DIR,
    metavar="FILE",
    help="A road file in the place of a download: OpenStreetMap extract, GraphML, ...",
)
@click.option(
    "--streets", type=click.Choice(["generated"]), help="Streets made by rule where no map is at hand; people are real."
)
@click.option("--population", type=DIR, metavar="FILE", help="People at points (CSV) or by cell (ASCII grid).")
@click.option("--point", metavar="LAT,LON", help="The middle of what is taken, in degrees.")
@click.option("--radius", type=float, metavar="KM", help="How far that reaches to each side.")
@click.option("--overpass", metavar="URL", help="A mirror of the Overpass API (city.servers.overpass).")
@click.option("--nominatim", metavar="URL", help="A mirror of Nominatim (city.servers.nominatim).")
@click.option("--name", metavar="NAME", help="Name of the city (of the file, place or preset).")
@click.option("--out", type=DIR, metavar="FOLDER", help="The folder (cities/NAME).")
@config_dir
@plugins
@as_json
def get(**given: Any) -> None:
    """Put roads, malls, stores and people of a city into one folder.

    A place as OpenStreetMap's search knows it, a preset or a point is downloaded; --from FILE needs no network.
    city=file city.path=FOLDER reads the folder. A command that was stopped goes on where it was when run
    again.
    """
    from galleria.models.city.collect import collect
    from galleria.models.city.extract import population_file
    from galleria.models.city.get import steps_of
    from galleria.models.city.readers.text import sha256_of

    asking = _Asking(**given)
    settings, named = _settings(asking)
    area = _area(settings, asking.point, asking.radius)
    if asking.streets and (asking.source is not None or area is None):
        raise UsageError(
            "--streets generated needs to know around which point: a preset, or --point LAT,LON --radius KM; and "
            "streets come either from it or from --from FILE."
        )
    name = asking.name or named
    out = asking.out or Path("cities") / name
    population = asking.population
    people = None if population is None else population_file(population, settings.homes.classes)
    taken, asked = _source(asking, settings, area)
    asked |= {
        "name": name,
        "area": None if area is None else [area.point.lat, area.point.lon, area.radius_km],
        "population": None if population is None else sha256_of(population),
        "malls": settings.model_dump(mode="json")["malls"],
        "read": settings.model_dump(mode="json")["read"],
    }
    steps = steps_of(settings, taken, area, people)
    about, made = collect(out, asked, steps, lambda sentence: click.echo(sentence, err=asking.as_json))
    command_line = _next(out, about, asking.preset)
    if asking.as_json:
        click.echo(json.dumps({"folder": str(out), "made_now": made, "next": command_line, **about}, indent=1))
        return
    for sentence in _told(out, about, made=made):
        click.echo(sentence)
    click.echo(f"Next: {command_line}")


def _settings(asking: _Asking) -> "tuple[MapSettings, str]":
    """Compose the settings of a file, a place, a point or a preset, and name the city."""
    from galleria.models.city.settings import FileSettings, OsmSettings

    if asking.source is not None:
        if asking.place is not None:
            raise UsageError(
                f"{asking.place!r} is no preset (las_vegas, chandler, tysons), and a file knows no places: cut it by "
                "--point LAT,LON --radius KM, and name it by --name NAME."
            )
        if asking.overpass or asking.nominatim:
            raise UsageError("--from FILE asks no server, so --overpass and --nominatim have nothing to do with it.")
        chosen = [f"city={asking.preset or 'file'}", f"city.path={_quoted(asking.source)}"]
        named = asking.preset or _slug(asking.source.resolve().name.split(".")[0])
    elif asking.preset is not None:
        chosen, named = [f"city={asking.preset}"], asking.preset
    else:
        chosen = ["city=osm", *([f"city.place={_quoted(asking.place)}"] if asking.place is not None else [])]
        named = _slug(asking.place or asking.name or "city")
    settings = city_settings([*chosen, *asking.changes], asking.config_dir)
    if not isinstance(settings, FileSettings | OsmSettings):
        raise UsageError(
            f"city={asking.preset} is generated, so there is nothing to get. Presets: las_vegas, chandler, tysons."
        )
    return settings, named


def _quoted(text: object) -> str:
    """Write a path or a name as a value of the configuration, whatever is in it."""
    return "'" + str(text).replace("\\", "\\\\").replace("'", "\\'") + "'"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "city"


def _area(settings: "MapSettings", point: str | None, radius: float | None) -> "Square | None":
    """Return the square that is asked for: of the command line, else of the preset, else none."""
    from galleria.models.city.get import Square
    from galleria.models.city.settings import OsmSettings, Point

    if point is None and radius is None:
        if isinstance(settings, OsmSettings) and settings.point is not None and settings.radius_km is not None:
            return Square(settings.point, settings.radius_km)
        return None
    if point is None or radius is None:
        raise UsageError("--point LAT,LON and --radius KM belong together: the middle, and how far to each side.")
    if not 0 < radius <= 60:
        raise UsageError(f"--radius {radius:g} must be above 0 and at most 60 (km to each side).")
    try:
        lat, lon = (float(part) for part in point.split(","))
        return Square(Point(lat=lat, lon=lon), radius)
    except ValueError:
        raise UsageError(
            f"--point {point} must be latitude and longitude in degrees with a comma between them, such as "
            "--point 33.3014,-111.8985 (latitude -90 to 90, then longitude -180 to 180)."
        ) from None


def _source(asking: _Asking, settings: "MapSettings", area: "Square | None") -> "tuple[Source, dict[str, Any]]":
    """Choose where the map comes from; return it with what names it, so that a draft of another is not continued."""
    from galleria.models.city.extract import extract_source
    from galleria.models.city.generated_streets import generated_source
    from galleria.models.city.online import online_source
    from galleria.models.city.settings import FileSettings

    if asking.streets and area is not None:
        streets = _streets(asking, area)
        return generated_source(streets, area), {"from": "streets made by rule", "streets": streets.model_dump_json()}
    if asking.source is not None:
        source = extract_source(asking.source, settings)
        return source, {"from": dict(source.about(Path())["sha256"])}
    if isinstance(settings, FileSettings):
        raise UsageError("Say which city: galleria city get PLACE, or --point LAT,LON --radius KM, or --from FILE.")
    if area is not None:
        settings = settings.model_copy(update={"place": None, "point": area.point, "radius_km": area.radius_km})
    source = online_source(settings, lambda sentence: click.echo(sentence, err=asking.as_json))
    return source, {"from": settings.place or "point and radius", "overpass": settings.servers.overpass}


def _streets(asking: _Asking, area: "Square") -> "SunbeltSettings":
    """Return the settings of streets that cover a square: those of city=sunbelt, with the freeways that fit."""
    from pydantic import ValidationError

    from galleria.models.city.generated_streets import blocks_across
    from galleria.models.city.settings import SunbeltSettings

    usual = city_settings(["city=sunbelt"], asking.config_dir)
    if not isinstance(usual, SunbeltSettings):
        raise UsageError("city=sunbelt of your own folder is of another kind, so --streets generated has no rule.")
    blocks = blocks_across(area, usual.block_km)
    changed: dict[str, Any] = {"blocks": blocks}
    for key in ("freeways_north_km", "freeways_east_km"):
        changed[key] = tuple(km for km in getattr(usual, key) if km < blocks * usual.block_km)
    try:
        return SunbeltSettings.model_validate(usual.model_dump() | changed)
    except ValidationError as error:
        raise UsageError(
            f"--radius {area.radius_km:g} takes {blocks} blocks across, more than --streets generated can lay: "
            f"{error.errors()[0]['msg']}. Take a smaller radius, or set city.block_km in a sunbelt.yaml of your own."
        ) from None


def _told(out: Path, about: dict[str, Any], *, made: bool) -> list[str]:
    """Say in a few sentences what is in the folder."""
    roads, features, people = about["roads"], about["features"], about.get("population")
    counts = ", ".join(f"{number:,} {kind.replace('_', ' ')}" for kind, number in features["counts"].items())
    malls = features["malls"]
    some = ", ".join(malls[:5]) + (f" and {len(malls) - 5} more" if len(malls) > 5 else "")
    return [
        f"{out}: " + ("made." if made else "is there already, made from the same; nothing was done."),
        f"  - {roads['nodes']:,} junctions, {roads['directed_edges']:,} directed roads, {roads['directed_km']:,.0f} km",
        f"  - by tag: {counts or 'no stores, warehouses or restaurants'}",
        f"  - malls ({features['malls_from']}): {some}" if malls else f"  - malls: {features['malls_from']}",
        "  - people: no file was given; homes spread along streets, add --population FILE"
        if people is None
        else f"  - people: {people['people']:,} at {people['points']:,} points, {people['households']:,} households",
        f"  - licence of the roads: {roads['licence']}",
    ]


def _next(out: Path, about: dict[str, Any], where: str | None) -> str:
    people = about.get("population")
    shown = str(out) if re.fullmatch(r"[\w./-]+", str(out)) else f"\"'{out}'\""
    if where is not None:
        return f"galleria run city={where} city.path={shown}"
    households = f" city.households={people['households']}" if people else ""
    return f"galleria run city=file city.path={shown}{households}"
