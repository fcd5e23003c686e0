"""What a researcher may say about a city, checked before anything is read or built."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from galleria.agents.kernel.parameters import Parameters, Positive, Share
from galleria.models.city.home_settings import AccessSettings, HomesSettings
from galleria.models.city.server_settings import ServerSettings

type Speed = Annotated[float, Field(ge=1, le=200)]

type FeatureTags = dict[str, dict[str, tuple[str, ...]]]
"""OpenStreetMap tags by kind of feature: for each key, the values that make one."""


class ZoneSettings(Parameters):
    """How the map is cut into zones for counting: squares or hexagons `size_km` wide, or census block groups."""

    kind: Literal["square", "hexagon", "block_group"]
    size_km: Annotated[float, Field(gt=0, le=50)]


class WarehouseSettings(Parameters):
    """Where the warehouse stands, seen from the first mall (km east, km north)."""

    east_km: Annotated[float, Field(ge=-100, le=100)]
    north_km: Annotated[float, Field(ge=-100, le=100)]


class BigBoxSettings(Parameters):
    """The lattice of big-box stores around the first mall."""

    rows: Annotated[int, Field(ge=1, le=10)]
    columns: Annotated[int, Field(ge=1, le=10)]
    spacing_km: Positive
    mall_gap_km: Annotated[float, Field(ge=0, le=20)]


class MallLatticeSettings(Parameters):
    """The malls of a generated city: a lattice around its middle, the one nearest to the middle first."""

    rows: Annotated[int, Field(ge=1, le=10)]
    columns: Annotated[int, Field(ge=1, le=10)]
    spacing_km: Positive


class _CommonSettings(Parameters):
    name: str
    seed: Annotated[int, Field(ge=0)]
    households: Annotated[float, Field(gt=0, le=20_000_000)]
    home_places: Annotated[int, Field(ge=1, le=12_000)]
    zones: ZoneSettings
    warehouse: WarehouseSettings
    big_boxes: BigBoxSettings


class SunbeltSpeeds(Parameters):
    """Effective free-flow speeds (km/h), signals and turns included."""

    freeway: Speed
    ramp: Speed
    arterial: Speed
    collector: Speed
    local: Speed


class SunbeltSettings(_CommonSettings):
    """A city of the American south-west: a lattice of blocks with arterials, collectors and freeways.

    Parameters
    ----------
    blocks
        Blocks along each side; `block_km` is the length of one.
    blocks_per_arterial, blocks_per_collector
        Every so many blocks runs an arterial (a square mile apart) and a collector.
    missing_share
        Share of local streets that were never built.
    cul_de_sac_share
        Share of local corners that open to one side only.
    jitter_km
        Local corners lie up to so far from the lattice.
    freeways_north_km, freeways_east_km
        Where freeways run north (their x) and east (their y).
    collector_crossing_share
        Share of collectors that cross a freeway; arterials all do, local streets do not.
    ramp_km, crossing_ramp_km
        Ramps leave a freeway so far before an arterial, or another freeway, and join it so far behind.
    half_median_km
        A carriageway lies so far from the middle of its freeway.
    decline_per_km
        Households per kilometre of street fall by this exponential rate with distance from the centre.
    malls
        Where malls stand.
    """

    kind: Literal["sunbelt"]
    blocks: Annotated[int, Field(ge=8, le=400)]
    block_km: Annotated[float, Field(gt=0, le=2)]
    blocks_per_arterial: Annotated[int, Field(ge=2, le=32)]
    blocks_per_collector: Annotated[int, Field(ge=1, le=32)]
    missing_share: Annotated[float, Field(ge=0, le=0.5)]
    cul_de_sac_share: Annotated[float, Field(ge=0, le=0.5)]
    jitter_km: Annotated[float, Field(ge=0, le=0.5)]
    freeways_north_km: tuple[float, ...]
    freeways_east_km: tuple[float, ...]
    collector_crossing_share: Share
    ramp_km: Annotated[float, Field(gt=0, le=0.6)]
    crossing_ramp_km: Annotated[float, Field(gt=0, le=0.6)]
    half_median_km: Annotated[float, Field(gt=0, le=0.1)]
    decline_per_km: Annotated[float, Field(ge=0, le=1)]
    speeds_kph: SunbeltSpeeds
    malls: MallLatticeSettings

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.blocks_per_arterial % self.blocks_per_collector:
            raise ValueError("blocks_per_arterial must be a multiple of blocks_per_collector")
        if self.jitter_km >= self.block_km / 2:
            raise ValueError("jitter_km must be under half of block_km, or streets would cross each other")
        return self


class GridSettings(_CommonSettings):
    """A plain square grid of equal two-way streets: `nodes_per_side` squared corners, `spacing_km` apart."""

    kind: Literal["grid"]
    nodes_per_side: Annotated[int, Field(ge=2, le=500)]
    spacing_km: Positive
    speed_kph: Speed


class TorusSettings(_CommonSettings):
    """The same grid with opposite sides joined, so that no place is nearer an edge than another."""

    kind: Literal["torus"]
    nodes_per_side: Annotated[int, Field(ge=3, le=500)]
    spacing_km: Positive
    speed_kph: Speed


class ToySettings(_CommonSettings):
    """Nine corners in three rows, every path countable by hand; the cross is quick and the ring is slow."""

    kind: Literal["toy"]
    spacing_km: Positive
    cross_kph: Speed
    ring_kph: Speed


class MallPoint(Parameters):
    """A mall by name and position in degrees."""

    mall: str
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class SpeedTable(Parameters):
    """Free-flow speeds (km/h) by road class for edges without a tag; `other` serves classes not listed."""

    kph: dict[str, Speed]
    other: Speed
    plausible_from: Positive
    plausible_to: Positive


class TntpWeights(Parameters):
    """What a unit of toll and of length costs in units of time, in a TNTP network of generalised cost."""

    toll: Annotated[float, Field(ge=0)]
    distance: Annotated[float, Field(ge=0)]


class ReadSettings(Parameters):
    """How files are understood that do not say it themselves.

    Parameters
    ----------
    classes
        OpenStreetMap road classes that are driven on.
    closed_access
        Values of OpenStreetMap's access tags that close a road.
    features
        Tags of malls, supermarkets, big boxes, warehouses and restaurants; the first kind that fits is taken.
    mall_least_m2
        Footprint (m2) from which a mapped mall is one of the city's malls.
    people_per_household
        People counted by a population file, by household.
    gmns_speed_unit
        Unit of `free_speed` in GMNS links.
    gmns_untrusted
        GMNS link classes whose speed is a tool's default.
    gmns_closed
        GMNS link classes no car uses.
    tntp_metres_per_length, tntp_seconds_per_time, tntp_metres_per_coordinate
        Units of TNTP networks, which differ from file to file.
    tntp_weights
        Weights of toll and distance by the start of a network file's name.
    """

    classes: tuple[str, ...]
    closed_access: tuple[str, ...]
    features: FeatureTags
    mall_least_m2: Annotated[float, Field(ge=0, le=1_000_000)]
    people_per_household: Annotated[float, Field(ge=1, le=10)]
    gmns_speed_unit: Literal["mph", "kph"]
    gmns_untrusted: tuple[str, ...]
    gmns_closed: tuple[str, ...]
    tntp_metres_per_length: Positive
    tntp_seconds_per_time: Positive
    tntp_metres_per_coordinate: Positive
    tntp_weights: dict[str, TntpWeights]


class RoadSettings(_CommonSettings):
    """What every city read from real roads shares.

    Parameters
    ----------
    malls
        A CSV with the columns mall, lat, lon; or the points themselves; none puts one mall in the middle.
    times
        A CSV of known drive times (origin, destination, minutes) that times are fitted to; None keeps those of the map.
    access
        The way from doors to road nodes where the graph has no local streets; None leaves it out.
    within_km
        Keep only roads so near (straight) to the first mall; None keeps all.
    snap_km
        A site may lie so far from the nearest reachable road node, not farther.
    second_part_share
        A second strongly connected part larger than this share of the largest means the graph is two towns.
    """

    malls: str | tuple[MallPoint, ...] | None
    homes: HomesSettings
    times: str | None
    access: AccessSettings | None
    within_km: Positive | None
    read: ReadSettings
    speeds: SpeedTable
    snap_km: Positive
    second_part_share: Share


class FileSettings(RoadSettings):
    """A city read from a road graph on disk.

    Parameters
    ----------
    path
        The file, or a folder that holds it.
    format
        Name of a reader; None finds it by the file's name.
    trips
        Trips between zones for traffic assignment (TNTP); None finds the file beside the network.
    """

    kind: Literal["file"]
    path: str
    format: str | None
    trips: str | None


class Point(Parameters):
    """A position in degrees."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class OsmSettings(RoadSettings):
    """A city downloaded from OpenStreetMap: a place by name, or a square around a point.

    Parameters
    ----------
    place
        As OpenStreetMap's search knows it; None when a point is given.
    point, radius_km
        The middle, and how far the roads reach to each side.
    path
        A road file to be read instead of downloading.
    servers
        Who is asked by `galleria city get`.
    """

    kind: Literal["osm"]
    place: str | None
    point: Point | None
    radius_km: Annotated[float, Field(gt=0, le=60)] | None
    path: str | None
    servers: ServerSettings


type CitySettings = Annotated[
    SunbeltSettings | GridSettings | TorusSettings | ToySettings | FileSettings | OsmSettings,
    Field(discriminator="kind"),
]
