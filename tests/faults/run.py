"""Kills at random moments: ``python -m tests.faults.run [--moments 30] [--seed 1] [--record]``.

A sweep on two workers is struck by SIGKILL, SIGTERM or SIGINT, the parent, a worker or all, and resumed; at its end its
files are compared with those of an undisturbed one, byte by byte.
"""

import argparse
import json
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.faults.sweeping import SIGNALS, Blow, Kind, Undisturbed, again, digests, finish, strike, undisturbed

RECORD = Path(__file__).with_name("counts.json")


def struck(place: Path, whole: Undisturbed, kinds: Sequence[Kind], seed: int) -> tuple[list[Blow], bool]:
    """Strike a sweep at random moments and let it end.

    Parameters
    ----------
    place
        A folder for it.
    whole
        The same sweep, undisturbed.
    kinds
        Of the blows, in turn.
    seed
        From which moments are drawn, and targets that are left open.

    Returns
    -------
    The blows, and whether all files are those of an undisturbed sweep.
    """
    chance = random.Random(seed)
    undisturbed, seconds = whole
    folder = place / "struck" / "results"
    folder.parent.mkdir()
    blows: list[Blow] = []
    while len(blows) < len(kinds):
        if (blow := strike(folder, seconds, chance, kinds[len(blows)])) is not None:
            blows.append(blow)
        again(folder)
    code, _ = finish(folder)
    return blows, code == 0 and digests(folder) == digests(undisturbed) and not (folder / ".work").exists()


def main() -> int:
    """Read the command line, strike and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", action="store_true", help="keep the counts for docs/reliability.md")
    given = parser.parse_args()
    kinds: list[Kind] = [(SIGNALS[n % len(SIGNALS)], None) for n in range(given.moments)]
    with tempfile.TemporaryDirectory() as name:
        (place := Path(name) / "whole").mkdir()
        blows, same = struck(Path(name), undisturbed(place), kinds, given.seed)
    counts = Counter(f"{blow.signal} to {blow.at}" for blow in blows)
    slowest = max((blow.seconds for blow in blows if blow.signal == "SIGINT" and blow.seconds is not None), default=0.0)
    record: dict[str, Any] = {"moments": len(blows), "seed": given.seed, "same_bytes": same}
    waiting = os.getloadavg()[2] / (os.cpu_count() or 1)
    record |= {
        "slowest_interrupt_s": round(slowest, 1),
        "processes_per_core": round(waiting, 1),
        "blows": dict(sorted(counts.items())),
    }
    sys.stdout.write(json.dumps(record, indent=1) + "\n")
    if given.record:
        RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return int(not same)


if __name__ == "__main__":
    sys.exit(main())
