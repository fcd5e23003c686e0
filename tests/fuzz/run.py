"""The fuzzer: ``python -m tests.fuzz.run [--count 10000] [--seed 1] [--record]``.

Configurations with a fault in a leaf, in the structure, on the command line or in a file are planned, and of those
that are accepted a sample is simulated. What is neither refused in words nor fine is printed, and ends with 1.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from galleria.experiments.design.compose import CONF, Source, composer
from galleria.experiments.scripting import run
from tests.fuzz.drawing import Drawn
from tests.fuzz.judge import FINE, bounded, judge, watch_files

ROOT = Path(__file__).resolve().parents[2]
RECORD = Path(__file__).with_name("counts.json")
SHORT = (
    *("city=toy", "customers.calibration.sample=1000", "drivers.pool=30"),
    *("drivers.at_rest.days=1", "drivers.at_rest.days_of_luck=4"),
)

WORLDS: tuple[tuple[str, ...], ...] = (
    (),
    ("market=full",),
    ("market=pilot", "retailers=logit_dynamic", "run.days=8"),
    ("market=entrant", "strategy=hill_climb", "run.days=8"),
    ("market=merger", "dispatch=lap", "drivers.relocation.theta_per_usd=0.5", "retailers.kerb.slots=2"),
    ("policy=[min_pay_seattle,pass_through,exclusivity_ban,delivery_fee_co,curb_fee]", "run.days=2"),
    ("policy=[min_pay_nyc_hourly,log_in_cap,congestion_charge,mall_subsidy,tip_prompt_after]", "run.days=2"),
    ("policy=[commission_cap,demote_capped,delivery_fee_cap,data_sharing,ev_mandate,speed_promise]",),
    ("meals=us_2024", "meals.orders_per_household_day=0.2", "drivers.pool=60"),
    ("strategy=nash", "dispatch=fcfs", "run.days=8"),
    ("strategy=pay", "dispatch=greedy", "run.days=8"),
    ("traffic=congested", "dispatch=nearest_immediate", "retailers.stock.units=40"),
    ("experiment=driver_supply_x_opt_in", "run.replications=2"),
    ("city=grid", "city.nodes_per_side=9", "city.households=500", "city.home_places=40"),
)
"""Small markets that between them have every part of the model."""


def judged(numbers: range, seed: int, simulate_every: int) -> Iterator[dict[str, Any]]:
    """Judge cases; yield number, way, what was done, verdict, what was said and seconds."""
    cache = tempfile.TemporaryDirectory()
    os.environ["GALLERIA_CACHE"] = cache.name
    bounded()
    written: list[str] = []
    compiled: set[tuple[str, ...]] = set()
    watch_files((Path(tempfile.gettempdir()), Path("/dev")), written)
    with composer(Source(CONF)) as composing:
        drawn = Drawn([(*SHORT, *world) for world in WORLDS], composing, seed)
        for number in numbers:
            case, overrides = drawn.case(number)
            started = time.process_time()
            simulated = number % simulate_every == 0
            if simulated and overrides not in compiled:
                run(overrides)  # a machine that has not run these rules before compiles them first
                compiled.add(overrides)
            verdict, said = judge(case, overrides, composing, simulated=simulated)
            if written:
                verdict, said = "writes", ", ".join(written)
                written.clear()
            seconds = round(time.process_time() - started, 3)
            yield {
                "number": number,
                "way": case.way,
                "told": case.told,
                "verdict": verdict,
                "said": said,
                "seconds": seconds,
            }


def in_processes(count: int, jobs: int, more: list[str]) -> list[dict[str, Any]]:
    """Judge cases in processes of their own; a process that dies is a verdict on the case it was at."""
    with tempfile.TemporaryDirectory() as name:
        places = [Path(name) / f"{part}.jsonl" for part in range(jobs)]
        running = {part: _started(f"{part}:{count}:{jobs}", more, places[part]) for part in range(jobs)}
        while running:
            for part, process in list(running.items()):
                code = process.wait()
                done = places[part].read_text(encoding="utf-8").splitlines()
                at = part + jobs * len(done)
                del running[part]
                if at < count and code != 0:
                    died = {
                        "number": at,
                        "way": "leaf",
                        "told": "",
                        "verdict": "dies",
                        "said": f"exit {code}",
                        "seconds": 0,
                    }
                    with places[part].open("a", encoding="utf-8") as stream:
                        stream.write(json.dumps(died) + "\n")
                    running[part] = _started(f"{at + jobs}:{count}:{jobs}", more, places[part])
        return read(places)


def read(places: list[Path]) -> list[dict[str, Any]]:
    """Read what was judged, in the order of the cases."""
    lines = [line for place in places for line in place.read_text(encoding="utf-8").splitlines()]
    return sorted(map(json.loads, lines), key=lambda each: int(each["number"]))


def _started(numbers: str, more: list[str], place: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.fuzz.run", "--numbers", numbers, *more]
    with place.open("ab") as out:
        return subprocess.Popen(command, stdout=out, cwd=ROOT)


def table(results: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """Count verdicts by way."""
    ways = ("leaf", "structure", "override", "file")
    return {way: dict(Counter(each["verdict"] for each in results if each["way"] == way)) for way in ways}


def main() -> int:
    """Read the command line and fuzz."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--simulate-every", type=int, default=5, help="simulate an accepted case of so many")
    parser.add_argument("--minutes", type=float, default=1e6, help="begin no case after so many")
    parser.add_argument("--numbers", help="cases FIRST:LAST:STEP, judged here and printed as JSON lines")
    parser.add_argument("--read", nargs="+", type=Path, help="judge none, count what runs with --numbers printed")
    parser.add_argument("--record", action="store_true", help="keep the counts for docs/reliability.md")
    given = parser.parse_args()
    if given.numbers:
        ends = time.monotonic() + 60 * given.minutes
        for each in judged(range(*map(int, given.numbers.split(":"))), given.seed, given.simulate_every):
            if time.monotonic() > ends:
                break
            sys.stdout.write(json.dumps(each) + "\n")
            sys.stdout.flush()
        return 0
    more = ["--seed", str(given.seed), "--simulate-every", str(given.simulate_every), "--minutes", str(given.minutes)]
    results = read(given.read) if given.read else in_processes(given.count, given.jobs, more)
    counts = table(results)
    for each in results:
        if each["verdict"] not in FINE:
            sys.stdout.write(f"{each['number']} {each['verdict']}: {each['told']}\n    {each['said']}\n")
    sys.stdout.write(json.dumps(counts, indent=1) + "\n")
    if given.record:
        kept = {"count": len(results), "seed": given.seed, "every": given.simulate_every, "worlds": len(WORLDS)}
        kept["slowest_s"] = max(each["seconds"] for each in results)
        RECORD.write_text(json.dumps({**kept, "verdicts": counts}, indent=1) + "\n", encoding="utf-8")
    return int(any(each["verdict"] not in FINE for each in results))


if __name__ == "__main__":
    sys.exit(main())
