"""Lengths and times in other units than a format has, told by what no road can be: shorter than straight, or faster."""

from collections.abc import Iterator

import numpy as np

from galleria.models.city.raw import Floats, RawRoads

FEW_KM = 0.02
"""Below so short a line, rounding decides what lengths are of it."""
WRONG_SHARE = 0.05
"""From this share on, edges shorter than a hundredth of the straight line are no slips but another unit."""
TINY, FEET, ABSURD = 0.01, 3.1, 50.0
"""Stated over straight length: no road lies below the first; nine in ten of a city lie above the others in no unit of
metres."""


def length_faults(length_km: Floats, straight_km: Floats, *, fits: bool) -> Iterator[str]:
    """Say when lengths read as metres fit the coordinates only in another unit.

    Parameters
    ----------
    length_km, straight_km
        float64 [m], lengths as read (nan where none is stated) and straight lines between the ends.
    fits
        False where lengths need not fit the coordinates.
    """
    known = np.isfinite(length_km) & (length_km > 0) & (straight_km > FEW_KM)
    if not fits or known.sum() < 3:
        return
    ratio = length_km[known] / straight_km[known]
    tiny = ratio < TINY
    if tiny.mean() >= WRONG_SHARE:
        size = float(np.median(ratio[tiny]))
        unit = "kilometres" if size > 0.00098 else "miles"
        yield (
            f"{tiny.sum():,} of {known.sum():,} lengths are {size:.2g} of the straight line between the ends of their "
            f"edges: they look like {unit}, and are read as metres. Write metres, or leave lengths empty so that they "
            "are measured."
        )
        return
    least, middle = (float(value) for value in np.quantile(ratio, (0.1, 0.5)))
    longer = (
        "feet" if least > FEET and middle < 1.5 * FEET else "centimetres or millimetres" if least > ABSURD else None
    )
    if longer is not None:
        yield (
            f"lengths are {middle:.2g} times the straight line between the ends of their edges, even where roads "
            f"are straight: they look like {longer}, and are read as metres. Write metres, or leave lengths empty so "
            "that they are measured."
        )


def time_faults(raw: RawRoads) -> Iterator[str]:
    """Say when times read as seconds fit lengths and speeds only as minutes or hours."""
    stated = np.isfinite(raw.time_s) & (raw.time_s > 0) & (raw.length_m > 0) & ~np.isnan(raw.length_m)
    if raw.frame == "free" or stated.sum() < 3:
        return
    implied_kph = raw.length_m[stated] / raw.time_s[stated] * 3.6
    at = raw.speed_kph[stated]
    size = float(np.median(implied_kph / np.where(at > 0, at, 50.0)))
    for unit, factor in (("minutes", 60.0), ("hours", 3600.0)):
        if factor / 3 < size < factor * 3:
            yield (
                f"travel times mean a typical {np.median(implied_kph):,.0f} km/h: they look like {unit}, and are read "
                "as seconds. Write seconds, or leave them out."
            )
