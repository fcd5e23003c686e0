"""Which verdicts differ between two pages of findings."""

import re

CHANGES = "## What changed"
"""Heading of the section."""

_ROW = re.compile(r"\| (.+) \| (held|failed|undecided) \| .+ \|$")


def _verdicts_of(page: str) -> dict[tuple[str, str], str]:
    """Read a page: (experiment, claim) -> verdict."""
    found, experiment = {}, ""
    for line in page.splitlines():
        if line.startswith("## "):
            experiment = line[3:]
        elif row := _ROW.match(line):
            found[experiment, row[1]] = row[2]
    return found


def verdict_changes(then: str, now: str) -> list[str]:
    """Write the claims whose verdict is another than on an older page, as lines of Markdown.

    Parameters
    ----------
    then, now
        The pages.
    """
    old, new = _verdicts_of(then), _verdicts_of(now)
    both = [key for key in new if key in old]
    changed = [key for key in both if new[key] != old[key]]
    of_both = f"Of {len(both)} claims that an older page has too and that were asked again,"
    differ = f"{len(changed)} have another verdict; {len(new) - len(both)} are new or put in other words."
    why = "What in the model changed them: [why_findings_changed.md](why_findings_changed.md)."
    lines = [CHANGES, "", f"{of_both} {differ} {why}"]
    if changed:
        rows = [f"| {key[0]} | {key[1]} | {old[key]} | {new[key]} |" for key in changed]
        lines += ["", "| experiment | claim | then | now |", "|---|---|---|---|", *rows]
    return lines
