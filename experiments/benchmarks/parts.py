"""Where the time of a default day goes: the rooms of the code, each with what it calls outside the project."""

import cProfile
import pstats
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from galleria.experiments.benchmarks.markets import timed
from galleria.experiments.benchmarks.rows import Row
from galleria.experiments.verification.worlds import market_of

_ROOT = Path(__file__).resolve().parents[2]
_TOLD = 0.01
"""Share of the time from which a room is listed."""

Function = tuple[str, int, str]
Stats = Mapping[Function, Any]


def parts() -> Iterator[Row]:
    """Yield the time of a default day, and the share of each room of the code."""
    timed(())
    day = timed((), 5)
    yield Row("parts", f"the default day, {day.orders:,.0f} gig orders", day.run_s, "s", most=0.35)
    yield Row("parts", "opening it, with what earlier ones have left", day.opening_s, "s")
    shares = shares_of_rooms()
    for room, share in sorted(shares.items(), key=lambda each: -each[1]):
        if share >= _TOLD or room == "mesa":
            yield Row("parts", room, 100 * share, "% of the day", most=5 if room == "mesa" else None)


def shares_of_rooms() -> dict[str, float]:
    """Return room -> share of the time of a default day, under a profiler, which makes many small calls dearer."""
    market = market_of()
    profile = cProfile.Profile()
    profile.enable()
    market.run()
    profile.disable()
    stats: Stats = pstats.Stats(profile).stats  # type: ignore[attr-defined] # what typeshed leaves out
    return rooms_of(stats)


def rooms_of(stats: Stats) -> dict[str, float]:
    """Return room -> share of the time of what a profiler saw.

    Parameters
    ----------
    stats
        Function -> calls, calls without those of itself, own seconds, all seconds, and the same by who called it.
    """
    total = sum(each[2] for each in stats.values())
    workers = _workers(stats)
    shares: dict[str, float] = {}
    for function, (_, _, own, _, _) in stats.items():
        for room, part in workers[function].items():
            shares[room] = shares.get(room, 0.0) + own * part / total
    return shares


_ROUNDS = 30
"""Longer than libraries call themselves before a room of the project stands above."""


def _workers(stats: Stats) -> dict[Function, dict[str, float]]:
    """Return for each function the rooms it works for -> share; one of another library works for those who call it."""
    rooms = {function: {room: 1.0} for function in stats if (room := _room(function[0])) is not None}
    others = {function: _callers(function, stats) for function in stats if function not in rooms}
    found = rooms | {function: {"the rest": 1.0} for function in others}
    for _ in range(_ROUNDS):
        later: dict[Function, dict[str, float]] = {}
        for function, callers in others.items():
            mixed: dict[str, float] = {}
            for caller, weight in callers.items():
                for room, part in found[caller].items():
                    mixed[room] = mixed.get(room, 0.0) + weight * part
            later[function] = mixed or {"the rest": 1.0}
        found = rooms | later
    return found


def _callers(function: Function, stats: Stats) -> dict[Function, float]:
    """Return who calls a function -> share of its time."""
    callers = {each: said[3] for each, said in stats[function][4].items() if each in stats}
    total = sum(callers.values())
    return {each: time / total if total else 1 / len(callers) for each, time in callers.items()}


def _room(file: str) -> str | None:
    """Return the room of a file of the project, `mesa` for Mesa's own, None for other libraries."""
    path = Path(file)
    if "mesa" in path.parts:
        return "mesa"
    for top in ("agents", "models", "experiments"):
        if top in path.parts and (path.is_relative_to(_ROOT) or "galleria" in path.parts):
            rest = path.parts[path.parts.index(top) + 1 :]
            return f"{top}/{rest[0]}".removesuffix(".py")
    return None
