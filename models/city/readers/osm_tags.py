"""What the tags of an OpenStreetMap way say of each direction: open or not, how fast, how many lanes."""

import re
from collections.abc import Mapping

import numpy as np

from galleria.models.city.readers.text import first_of, number, speed_kph

ACCESS_TAGS = ("motorcar", "motor_vehicle", "vehicle", "access")
"""From the most to the least specific: the first that is set decides whether a car may pass."""
ONE_WAY = frozenset({"yes", "true", "1"})
BACKWARD = frozenset({"-1", "reverse"})
BOTH = frozenset({"no", "false", "0"})
CIRCLES = frozenset({"roundabout", "circular"})

type Tags = Mapping[str, str]


def open_to_cars(tags: Tags, closed: frozenset[str]) -> bool:
    """Say whether a car may use a way: the most specific of its access tags decides."""
    for name in ACCESS_TAGS:
        if name in tags:
            return tags[name] not in closed
    return True


def directions(tags: Tags, closed: frozenset[str] = frozenset()) -> tuple[bool, bool]:
    """Say whether a way is driven forward and backward along its drawing.

    `oneway:motorcar` and its kin count before `oneway`, what is stated before what a roundabout or motorway implies; a
    direction closed by `motor_vehicle:backward=no` and its kin is not driven. Lanes that alternate or are reversed by
    the hour count as open both ways.
    """
    stated = next((tags[f"oneway:{name}"] for name in ACCESS_TAGS if f"oneway:{name}" in tags), tags.get("oneway", ""))
    if stated in BACKWARD:
        runs = (False, True)
    elif stated in ONE_WAY:
        runs = (True, False)
    else:
        implied = tags.get("junction") in CIRCLES or tags.get("highway") == "motorway"
        runs = (True, stated in BOTH or not implied)
    forward, backward = (
        run and next((tags[key] not in closed for name in ACCESS_TAGS if (key := f"{name}:{way}") in tags), True)
        for run, way in zip(runs, ("forward", "backward"), strict=True)
    )
    return forward, backward


def alternates(tags: Tags) -> bool:
    """Say whether a way is open to one direction at a time."""
    return tags.get("oneway") in {"reversible", "alternating"}


def speed_tag(tags: Tags, way: str) -> str | None:
    """Return the speed limit of a direction (forward or backward) as tagged, its own before the way's."""
    own = tags.get(f"maxspeed:{way}")
    return own if own is not None and np.isfinite(speed_kph(own)) else tags.get("maxspeed", own)


def lanes(tags: Tags, way: str) -> float:
    """Return lanes in one direction: `lanes` counts both of a two-way street."""
    own = number(first_of(tags.get(f"lanes:{way}")))
    if np.isfinite(own):
        return own
    both = number(re.sub(r",", ".", first_of(tags.get("lanes"))))
    return both if sum(directions(tags)) == 1 else both / 2
