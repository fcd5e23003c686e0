"""docs/reliability.md: ``python -m tests.fuzz.page > docs/reliability.md``, from the counts that the full runs keep."""

import json
import sys
from pathlib import Path
from typing import Any

from tests.coverage.record import section as coverage_section
from tests.licences import table as licences

TESTS = Path(__file__).resolve().parents[1]

_VERDICTS = ("refused", "planned", "simulated")

_HEAD = """# What input and faults do to it

Written by `python -m tests.fuzz.page` from what the runs below kept. What files of strangers may do is told in
[security.md](security.md).
"""

_FUZZ = """
## Configurations with a fault

`python -m tests.fuzz.run --record` puts a fault into one leaf of {worlds} small markets that between them have every
part of the model, or into the structure around it, writes an override right or wrong, or hands over a file of YAML
that is a list, a number, binary or a bomb. A case goes the whole way from the command line to the plan; one in
{every} of those that are accepted is simulated as well. It is fine if it is refused in one paragraph that names the
key, or runs to headline figures that are finite, a ledger that balances and a welfare identity that holds to a cent.
A traceback, a warning of a library, more than 5 s of processor time, more than 6 GB or a file written is a fault of
ours.

{count:,} cases (`--count {count} --seed {seed} --simulate-every {every}`); the slowest took {slowest_s:.1f} s. 500
others are part of `make test`.{mended}

| fault in | cases | refused | planned | simulated | faults of ours |
|---|---|---|---|---|---|
{rows}
"""

_FAULTS = """
## Kills

`python -m tests.faults.run --record` strikes a sweep on two workers at random moments (the parent, a worker, or all,
as a terminal does) and resumes it. {moments} moments of seed {seed}: the results {same} those of an undisturbed
sweep, byte by byte. After an interrupt the command had ended within {slowest_interrupt_s} s{waiting}.

| signal | times |
|---|---|
{rows}

{soak}A read-only folder, few open files (64), little memory, a full disk, a folder renamed, a clock set back or
forward, and files of runs that were altered, cut off or deleted are in `tests/faults`.
"""


_SOAK = """`python -m tests.faults.soak --record` runs a small town for {days} days with another policy each day:
{lost_orders} orders lost, {unbalanced_units} units of the ledger out of balance, welfare off by
{welfare_gap_usd:.1e} $; memory {resident_mb[0]} MB after four weeks, {resident_mb[1]} MB at the end{grows}. What
measures need of all days is kept, {kept_kb_a_day} kB a day here.

"""


_LICENCES = """
## Licences of what it is built on

As each package tells its own; a test refuses any that is not permissive, but for MPL-2.0, which asks that changes of
its own files be published and nothing of what uses them.

{rows}
"""


def fuzz_section(kept: dict[str, Any]) -> str:
    """Write the section on configurations."""
    rows = []
    for way, verdicts in kept["verdicts"].items():
        faults = sum(number for verdict, number in verdicts.items() if verdict not in _VERDICTS)
        fine = " | ".join(f"{verdicts.get(verdict, 0):,}" for verdict in _VERDICTS)
        rows.append(f"| {way} | {sum(verdicts.values()):,} | {fine} | {faults:,} |")
    mended = "".join(f"\n- {each}" for each in kept.get("mended", ()))
    after = (
        f"\n\nWhat this run found was mended after it, and each of its cases judged again:\n{mended}" if mended else ""
    )
    return _FUZZ.format(**{**kept, "mended": after}, rows="\n".join(rows))


def faults_section(kept: dict[str, Any]) -> str:
    """Write the section on kills."""
    rows = "\n".join(f"| {blow} | {times} |" for blow, times in kept["blows"].items())
    same = "were" if kept["same_bytes"] else "were NOT"
    place = TESTS / "faults" / "soak.json"
    soak = _soak(json.loads(place.read_text(encoding="utf-8"))) if place.exists() else ""
    many = kept.get("processes_per_core", 1.0)
    waiting = f", while {many} processes wanted each core of the machine" if many > 1 else ""
    return _FAULTS.format(**kept, same=same, waiting=waiting, rows=rows, soak=soak)


def _soak(kept: dict[str, Any]) -> str:
    early, late = kept["resident_mb"]
    grows = ", which is not flat: a miss that is open" if late > 1.1 * early else ""
    return _SOAK.format(**kept, grows=grows)


def page() -> str:
    """Write the page; a section whose run has not been kept is left out."""
    parts = [_HEAD]
    for place, section in (("fuzz", fuzz_section), ("faults", faults_section)):
        counts = TESTS / place / "counts.json"
        if counts.exists():
            parts.append(section(json.loads(counts.read_text(encoding="utf-8"))))
    cases, coverage = TESTS / "cases" / "table.md", TESTS / "coverage" / "counts.json"
    if cases.exists():
        parts.append(f"\n## Cases that others reported\n\n{cases.read_text(encoding='utf-8').strip()}\n")
    parts.append(_LICENCES.format(rows=licences()))
    if coverage.exists():
        reached = coverage_section(json.loads(coverage.read_text(encoding="utf-8")))
        parts.append(f"\n## What tests do not reach\n\n{reached}\n")
    return "".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
