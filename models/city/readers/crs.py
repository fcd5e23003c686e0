"""Which coordinates a file holds: degrees, UTM or Web Mercator (turned back to degrees), or metres of a projection."""

import re
from typing import Literal

import numpy as np

from galleria.models.city.raw import Floats
from galleria.models.errors import UsageError

type Unit = Literal["degrees", "metres"]

EARTH_M = 6378137.0
"""Radius of the sphere of Web Mercator, and the larger half-axis of WGS 84."""
MERCATOR = re.compile(r"\b(3857|900913|3785|102100|102113)\b|pseudo.?mercator|web.?mercator|auxiliary.?sphere")
DEGREES = re.compile(r"\b(4326|4269|4258|4267|4283|4617|4674|4612|6668|4490|4979|7844|9000|84)\b|crs84|longlat|latlon")
FOOT_M = {"survey": 0.3048006096012192, "foot": 0.3048}


def unit_of(crs: str | None, x: Floats, y: Floats, source: str) -> tuple[Unit, Floats, Floats, tuple[str, ...]]:
    """Distinguish degrees from metres by the stated crs, else by the size of the numbers.

    The crs may be a code (EPSG:32611), a PROJ string, well-known text or PROJJSON.

    Returns
    -------
    tuple[Unit, Floats, Floats, tuple[str, ...]]
        The unit, x and y in it, and what was noticed.

    Raises
    ------
    UsageError
        When the stated projection is one whose metres or units are not known here.
    """
    stated = (crs or "").strip().lower()
    in_degrees = bool(np.nanmax(np.abs(x), initial=0) <= 180 and np.nanmax(np.abs(y), initial=0) <= 180)
    if stated in {"", "none", "null", "nan"}:
        return ("degrees" if in_degrees else "metres"), x, y, (f"{source} states no crs; read as {_said(in_degrees)}.",)
    scale = _metres_per_unit(stated)
    zone, south = _utm_zone(stated)
    if zone is not None:
        lon, lat = utm_to_degrees(x * scale, y * scale, zone, south=south)
        note = f"The graph is projected ({_short(crs)}); UTM coordinates were turned back into degrees."
        return "degrees", lon, lat, (note,)
    if MERCATOR.search(stated):
        lon, lat = mercator_to_degrees(x * scale, y * scale)
        note = (
            f"The graph is projected ({_short(crs)}); Web Mercator, which stretches lengths, was turned into degrees."
        )
        return "degrees", lon, lat, (note,)
    projected = re.match(r"\s*\"?(projcs|projcrs|boundcrs\[sourcecrs\[projcrs|compdcs|\{.*projectedcrs)", stated)
    if not projected and (DEGREES.search(stated) or stated.startswith(("geogcs", "geogcrs", "geodcrs"))):
        return "degrees", x, y, ()
    _refuse_unknown(stated, _short(crs), source, in_degrees=in_degrees)
    here: Unit = "degrees" if in_degrees and not projected else "metres"
    size = 1.0 if here == "degrees" else scale
    return here, x * size, y * size, (f"The crs {_short(crs)} was read as {_said(here == 'degrees')}.",)


def _short(crs: str | None) -> str:
    """Name a crs: its first quoted name where it is long."""
    text = " ".join((crs or "").split())
    found = re.search(r'\["([^"]+)"', text) or re.search(r'"name"\s*:\s*"([^"]+)"', text)
    return found[1] if found and len(text) > 60 else text[:60]


def _said(in_degrees: bool) -> str:  # noqa: FBT001
    return "degrees of longitude and latitude" if in_degrees else "metres of a projection"


def _refuse_unknown(stated: str, name: str, source: str, *, in_degrees: bool) -> None:
    """Refuse a projection by a bare code, whose unit is not stated, and one that stretches lengths."""
    bare = re.fullmatch(r"(urn:ogc:def:crs:)?(epsg|esri):*\d+", stated) or stated.isdigit()
    stretched = "mercator" in stated and "transverse" not in stated and "tmerc" not in stated
    if not in_degrees and (bare or stretched or "+proj=merc" in stated):
        raise UsageError(
            f"{source} has coordinates of the projection {name}, whose unit and scale are not known here. Save the "
            "graph in longitude and latitude (EPSG:4326), or in UTM."
        )


def _metres_per_unit(stated: str) -> float:
    """Return what one of the projection's units is in metres, from its text; codes alone state none."""
    if found := re.search(r"\+to_meter=([\d.eE+-]+)", stated):
        return float(found[1])
    if found := re.search(r"\+units=([a-z-]+)", stated):
        return {"m": 1.0, "km": 1000.0, "us-ft": FOOT_M["survey"], "ft": FOOT_M["foot"]}.get(found[1], 1.0)
    if stated.startswith(("projcs", "projcrs", "compdcs", "boundcrs")):
        # the projection's own unit comes last, after those of its datum and parameters
        lengths = [
            float(size) for name, size in re.findall(r'unit\["([^"]+)",\s*([\d.eE+-]+)', stated) if _measures(name)
        ]
        return lengths[-1] if lengths else 1.0
    return 1.0


def _measures(unit: str) -> bool:
    """Say whether a unit measures lengths, not angles or scales."""
    return not any(word in unit for word in ("degree", "radian", "grad", "unity"))


def _utm_zone(crs: str) -> tuple[int | None, bool]:
    if "+proj=utm" in crs and (found := re.search(r"\+zone=(\d+)", crs)):
        return int(found[1]), "+south" in crs
    if found := re.search(r"utm[ _]*zone[ _]*(\d{1,2})[ _]*([ns])\b", crs):
        return int(found[1]), found[2] == "s"
    if found := re.fullmatch(r"(?:urn:ogc:def:crs:)?(?:epsg:*)?(\d{4,5})", crs.strip()):
        code = int(found[1])
        for first, zones, south in ((32600, 60, False), (32700, 60, True), (26900, 23, False), (25800, 38, False)):
            if first < code <= first + zones:
                return code - first, south
        if 6329 < code <= 6348:
            return code - 6329, False
    return None, False


def mercator_to_degrees(east_m: Floats, north_m: Floats) -> tuple[Floats, Floats]:
    """Turn Web Mercator coordinates (EPSG:3857) into longitude and latitude in degrees."""
    return np.degrees(east_m / EARTH_M), np.degrees(2 * np.arctan(np.exp(north_m / EARTH_M)) - np.pi / 2)


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
