"""Units of length and speed by the names files give them."""

import re
from collections.abc import Mapping

from galleria.models.city.readers.text import KPH_PER_KNOT, KPH_PER_MPH
from galleria.models.errors import UsageError

METRES: Mapping[str, float] = {
    "m": 1.0,
    "meter": 1.0,
    "metre": 1.0,
    "km": 1000.0,
    "kilometer": 1000.0,
    "kilometre": 1000.0,
    "mi": 1609.344,
    "mile": 1609.344,
    "ft": 0.3048,
    "foot": 0.3048,
    "feet": 0.3048,
    "yd": 0.9144,
    "yard": 0.9144,
    "nmi": 1852.0,
}
KPH: Mapping[str, float] = {
    "kph": 1.0,
    "km/h": 1.0,
    "kmh": 1.0,
    "kmph": 1.0,
    "km/hr": 1.0,
    "mph": KPH_PER_MPH,
    "mi/h": KPH_PER_MPH,
    "mi/hr": KPH_PER_MPH,
    "m/s": 3.6,
    "mps": 3.6,
    "ms": 3.6,
    "ft/s": 0.3048 * 3.6,
    "fps": 0.3048 * 3.6,
    "knot": KPH_PER_KNOT,
    "kn": KPH_PER_KNOT,
}
SECONDS: Mapping[str, float] = {
    "s": 1.0,
    "sec": 1.0,
    "second": 1.0,
    "min": 60.0,
    "minute": 60.0,
    "h": 3600.0,
    "hr": 3600.0,
    "hour": 3600.0,
}


def factor(unit: str, known: Mapping[str, float], where: str) -> float:
    """Return what one of a unit is in the base unit (m, km/h or s).

    Raises
    ------
    UsageError
        When the unit is not known.
    """
    plain = re.sub(r"[\s_.]+", " ", unit.strip().lower()).replace(" per ", "/").replace("us ", "")
    plain = re.sub(r"^(international|survey) ", "", plain)
    plain = re.sub(r"/(hour|h|hr)s?$", "/h", plain) if "/" in plain else plain
    plain = {"miles/h": "mi/h", "mile/h": "mi/h", "kilometers/h": "km/h", "kilometres/h": "km/h"}.get(plain, plain)
    for name in (plain, plain.removesuffix("s")):
        if name in known:
            return known[name]
    raise UsageError(f"{where}: {unit!r} is no unit that is known here. Known units: {', '.join(known)}.")
