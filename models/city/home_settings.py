"""Where a city's homes are taken from."""

from typing import Annotated, Literal

from pydantic import Field

from galleria.agents.kernel.parameters import Parameters, Positive


class _Homes(Parameters):
    classes: tuple[str, ...]


class UniformHomes(_Homes):
    """Homes spread evenly along the streets of the named classes."""

    kind: Literal["uniform"]


class CensusHomes(_Homes):
    """People by census block group: a CSV with the columns geoid, population, latitude, longitude."""

    kind: Literal["census"]
    path: str


class TableHomes(_Homes):
    """People by zone of any kind: a CSV, and the names of its columns."""

    kind: Literal["table"]
    path: str
    longitude: str
    latitude: str
    population: str


class RasterHomes(_Homes):
    """People by cell of an ESRI ASCII grid in degrees."""

    kind: Literal["raster"]
    path: str


type HomesSettings = Annotated[UniformHomes | CensusHomes | TableHomes | RasterHomes, Field(discriminator="kind")]


class AccessSettings(Parameters):
    """Speed (km/h) on streets that a graph of main roads leaves out, and their length by the straight line's."""

    speed_kph: Positive
    detour: Positive
