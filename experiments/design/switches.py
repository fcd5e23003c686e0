"""Switches: factors that are off or on, and set several settings at once."""

from collections.abc import Mapping

from galleria.experiments.design.factors import SWITCH, Point, Value
from galleria.experiments.design.request import names_of

Switch = Mapping[str, tuple[Value, Value]]
"""Config key or group -> its value off and on."""

_NOTHING = ("none", "null")


def set_by(switches: Mapping[str, Switch], point: Point) -> Point:
    """Return a point with its switches replaced by what they set.

    Choices that several switches make of one config group are joined: a policy for each that is on.
    """
    settings: Point = {key: value for key, value in point.items() if key not in switches}
    for name in (each for each in switches if each in point):
        for key, (off, on) in switches[name].items():
            value = on if point[name] == SWITCH[1] else off
            settings[key] = _joined(settings[key], value) if key in settings else value
    return settings


def _joined(first: Value, second: Value) -> Value:
    names = dict.fromkeys(name for name in (*names_of(first), *names_of(second)) if name not in _NOTHING)
    return "+".join(names) or _NOTHING[0]
