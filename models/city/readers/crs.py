"""Which coordinates a file holds: degrees, or metres of a projection (UTM is turned back into degrees)."""

import re
from typing import Literal

import numpy as np

from galleria.models.city.raw import Floats

type Unit = Literal["degrees", "metres"]


def unit_of(crs: str | None, x: Floats, y: Floats, source: str) -> tuple[Unit, Floats, Floats, tuple[str, ...]]:
    """Distinguish degrees from metres by the stated crs, else by the size of the numbers.

    Returns
    -------
    tuple[Unit, Floats, Floats, tuple[str, ...]]
        The unit, x and y in it, and what was noticed.
    """
    stated = (crs or "").lower()
    if not stated:
        in_degrees = bool(np.nanmax(np.abs(x), initial=0) <= 180 and np.nanmax(np.abs(y), initial=0) <= 180)
        return ("degrees" if in_degrees else "metres"), x, y, (f"{source} states no crs; read as {_said(in_degrees)}.",)
    if "4326" in stated or "longlat" in stated or "crs84" in stated or "latlon" in stated:
        return "degrees", x, y, ()
    zone, south = _utm_zone(stated)
    if zone is not None:
        lon, lat = utm_to_degrees(x, y, zone, south=south)
        note = f"The graph is projected ({crs}); UTM coordinates were turned back into degrees."
        return "degrees", lon, lat, (note,)
    in_degrees = bool(np.nanmax(np.abs(x), initial=0) <= 180 and np.nanmax(np.abs(y), initial=0) <= 90)
    return ("degrees" if in_degrees else "metres"), x, y, (f"The crs {crs} was read as {_said(in_degrees)}.",)


def _said(in_degrees: bool) -> str:  # noqa: FBT001
    return "degrees of longitude and latitude" if in_degrees else "metres of a projection"


def _utm_zone(crs: str) -> tuple[int | None, bool]:
    if found := re.search(r"epsg:32([67])(\d\d)\b", crs):
        return int(found[2]), found[1] == "7"
    if "+proj=utm" in crs and (found := re.search(r"\+zone=(\d+)", crs)):
        return int(found[1]), "+south" in crs
    return None, False


def utm_to_degrees(east_m: Floats, north_m: Floats, zone: int, *, south: bool) -> tuple[Floats, Floats]:
    """Turn UTM coordinates (m, WGS84) into degrees by Krüger's series, to far below a millimetre.

    Returns
    -------
    tuple[Floats, Floats]
        Longitude and latitude in degrees.
    """
    flattening, radius_m, scale = 1 / 298.257223563, 6378137.0, 0.9996
    n = flattening / (2 - flattening)
    meridian = radius_m / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    beta = (
        n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96 - n**4 / 360,
        n**2 / 48 + n**3 / 15 - 437 * n**4 / 1440,
        17 * n**3 / 480 - 37 * n**4 / 840,
        4397 * n**4 / 161280,
    )
    delta = (
        2 * n - 2 * n**2 / 3 - 2 * n**3 + 116 * n**4 / 45,
        7 * n**2 / 3 - 8 * n**3 / 5 - 227 * n**4 / 45,
        56 * n**3 / 15 - 136 * n**4 / 35,
        4279 * n**4 / 630,
    )
    xi = (north_m - (10_000_000.0 if south else 0.0)) / (scale * meridian)
    eta = (east_m - 500_000.0) / (scale * meridian)
    xi_0 = xi - sum(b * np.sin(2 * j * xi) * np.cosh(2 * j * eta) for j, b in enumerate(beta, start=1))
    eta_0 = eta - sum(b * np.cos(2 * j * xi) * np.sinh(2 * j * eta) for j, b in enumerate(beta, start=1))
    chi = np.arcsin(np.sin(xi_0) / np.cosh(eta_0))
    lat = chi + sum(d * np.sin(2 * j * chi) for j, d in enumerate(delta, start=1))
    lon = np.radians(zone * 6 - 183) + np.arctan2(np.sinh(eta_0), np.cos(xi_0))
    return np.degrees(lon), np.degrees(lat)
