"""Zones: the cells of the map in which orders and delivery times are counted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.city.errors import CityError
from models.city.raw import Floats, Ints
from models.city.settings import ZoneSettings


@dataclass(frozen=True, eq=False)
class Zones:
    """The n cells of the map that hold places.

    Parameters
    ----------
    x_km, y_km
        float64[n], centres.
    label
        str[n], a short name: column and row of the cell, or the block group's id.
    outline_start
        int32[n + 1]: corners of cell k are rows outline_start[k] to outline_start[k + 1] of the outlines.
    outline_x_km, outline_y_km
        float64[...], corners in order, not closed.
    """

    x_km: Floats
    y_km: Floats
    label: NDArray[np.str_]
    outline_start: Ints
    outline_x_km: Floats
    outline_y_km: Floats

    @property
    def n(self) -> int:
        """Number of zones."""
        return self.x_km.size

    def outline(self, zone: int) -> tuple[Floats, Floats]:
        """Give the corners (x_km, y_km) of one zone's cell."""
        cut = slice(self.outline_start[zone], self.outline_start[zone + 1])
        return self.outline_x_km[cut], self.outline_y_km[cut]


def cut_zones(settings: ZoneSettings, x_km: Floats, y_km: Floats) -> tuple[Zones, NDArray[np.int16]]:
    """Cut the map into cells and say in which cell each place lies.

    Parameters
    ----------
    settings
        The kind and size of the cells.
    x_km, y_km
        float64[n], the places.

    Returns
    -------
    tuple[Zones, NDArray[np.int16]]
        The cells that hold at least one place, and int16[n] the zone of each place.
    """
    cell = squares(settings.size_km, x_km, y_km)
    found, zone = np.unique(cell, axis=0, return_inverse=True)
    if found.shape[0] > np.iinfo(np.int16).max:
        raise CityError(
            f"city.zones.size_km = {settings.size_km:g} cuts the city into {found.shape[0]:,} zones, and at most "
            "32,767 can be counted. Choose larger zones."
        )
    centre_x, centre_y = np.asarray((found + 0.5) * settings.size_km, dtype=np.float64).T
    half = settings.size_km / 2
    return _polygons(
        centre_x,
        centre_y,
        np.array([f"{c}-{r}" for c, r in found], dtype=np.str_),
        np.array([-half, half, half, -half]),
        np.array([-half, -half, half, half]),
    ), zone.astype(np.int16)


def squares(size_km: float, x_km: Floats, y_km: Floats) -> NDArray[np.int64]:
    """Give the column and row (int64[n, 2]) of the square each point lies in."""
    return np.column_stack([np.floor(x_km / size_km), np.floor(y_km / size_km)]).astype(np.int64)


def _polygons(x: Floats, y: Floats, label: NDArray[np.str_], corner_x: Floats, corner_y: Floats) -> Zones:
    """Give every centre the same outline."""
    return Zones(
        x_km=x,
        y_km=y,
        label=label,
        outline_start=np.arange(0, (x.size + 1) * corner_x.size, corner_x.size, dtype=np.int32),
        outline_x_km=(x[:, None] + corner_x).ravel(),
        outline_y_km=(y[:, None] + corner_y).ravel(),
    )
