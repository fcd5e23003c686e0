"""Two pages of findings set beside each other."""

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
        "Of 2 claims that an older page has too (model 0.1.0+abc), 1 have another verdict; 1 are new"
    )


def test_without_changes_there_is_no_table() -> None:
    assert len(verdict_changes(THEN, THEN)) == 3
