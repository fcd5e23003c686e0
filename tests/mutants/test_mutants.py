"""The list of mutants stays alive: what they change is still there, and what must see them still exists.

That each is seen is told by `python -m tests.mutants.run`, which takes about ten minutes and writes kills.md.
"""

import re
import shlex

import pytest

from galleria.experiments.verification.running import chosen
from tests.mutants.mutants import ROOT, Mutant, mutants
from tests.mutants.run import PAGE

ALL = mutants()


@pytest.mark.parametrize("mutant", ALL, ids=lambda each: each.what)
def test_what_a_mutant_changes_stands_there_once(mutant: Mutant) -> None:
    text = (ROOT / mutant.file).read_text(encoding="utf-8")
    assert text.count(mutant.old) == 1
    compile(text.replace(mutant.old, mutant.new), mutant.file, "exec")
    assert mutant.old != mutant.new


def test_what_must_see_them_exists() -> None:
    for asked in {each for mutant in ALL for each in mutant.by}:
        if "/" not in asked:
            assert chosen([asked], quick=False)
            continue
        for part in shlex.split(asked):
            assert not part.startswith("tests/") or (ROOT / part).exists()


def test_forty_and_no_two_alike() -> None:
    assert len({(each.file, each.old, each.new) for each in ALL}) == len(ALL) >= 40
    assert len({each.what for each in ALL}) == len(ALL)


def test_the_table_of_kills_has_all_of_them_and_no_survivor() -> None:
    page = PAGE.read_text(encoding="utf-8")
    told = re.findall(r"^\| (?!fault)(.+?) \| `", page, flags=re.MULTILINE)
    assert told == [each.what for each in ALL]
    assert "| survives |" not in page
