"""Two pages of findings set beside each other."""

from galleria.experiments.report.findings_page import spliced
from galleria.experiments.report.verdict_changes import verdict_changes

THEN = """# What we found

## x1_entry

Model 0.1.0+abc; `galleria sweep`.

| hypothesis | verdict | difference and 95 % interval |
|---|---|---|
| Fees rise | held | fee: +1 [0, 2] |
| Orders fall | held | orders: -1 [-2, -0.5] |
| Nobody asks this now | failed | x: 1 |
"""
NOW = THEN.replace("| Orders fall | held |", "| Orders fall | undecided |").replace(
    "Nobody asks this now", "This is new"
)


def test_claims_with_another_verdict_are_listed() -> None:
    lines = verdict_changes(THEN, NOW)
    assert "| x1_entry | Orders fall | held | undecided |" in lines
    assert not any("Fees rise" in line for line in lines)
    assert lines[2].startswith(
        "Of 2 claims that an older page has too and that were asked again, 1 have another verdict; 1 are new"
    )


def test_sections_of_what_was_not_asked_again_stay() -> None:
    old = f"{THEN}\n## x2_other\n\nas it was\n\n## What changed\n\nmuch\n"
    lines = spliced(old, ["", "## x3_new", "", "first", "", "## x2_other", "", "anew", ""])
    assert lines[:2] == ["", "## x1_entry"]
    assert lines[-8:] == ["", "## x2_other", "", "anew", "", "## x3_new", "", "first"]
    assert "as it was" not in lines
    assert "much" not in lines


def test_without_changes_there_is_no_table() -> None:
    assert len(verdict_changes(THEN, THEN)) == 3
