"""The top of a report: who gains, who loses, by how much, how sure, and what would change it."""

import re
from pathlib import Path

import numpy as np
import pytest

from galleria.experiments.report import build_report
from galleria.experiments.report.answer import answers, what_would_change
from galleria.experiments.report.answer.parties import gains
from galleria.experiments.report.comparing import claims, comparisons
from galleria.experiments.report.study import Study
from galleria.experiments.results import load
from tests.synthetic_results import POOL, SHARE, Design, factorial, supply_by_opt_in, write_results

TWO = supply_by_opt_in(pools=(60, 400), shares=(0.2, 0.8))
BARE = {**vars(TWO), "tables": (), "replications": 6}


def study_of(folder: Path, **changes: object) -> Study:
    return Study.of(load(write_results(folder, Design(**{**BARE, **changes}))))


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return study_of(tmp_path_factory.mktemp("answer"))


def test_the_gains_are_paired_differences_and_costs_of_others_are_losses(study: Study) -> None:
    c = comparisons(study)[0]
    found = {gain.metric: gain for gain in gains(study, c.before, c.after)}
    for metric, sign in (("consumer_surplus_usd", 1), ("external_cost_usd", -1)):
        change = sign * (study.cube.at(c.after, metric) - study.cube.at(c.before, metric))
        assert found[metric].mean == pytest.approx(change.mean())
        assert found[metric].same == (np.sign(change) == np.sign(change.mean())).sum()
    assert not found["public_revenue_usd"].clear, "what never changes is no gain"


def test_at_most_five_sentences_say_who_gains_who_loses_and_how_sure(study: Study) -> None:
    compared = comparisons(study)
    said = answers(study, compared)
    assert [answer.lead for answer in said] == [c.lead(study) for c in compared]
    assert sum(len(answer.sentences) for answer in said) <= 4, "and what would change it is the fifth"
    for answer, c in zip(said, compared, strict=True):
        text = " ".join(answer.sentences)
        best = max(gains(study, c.before, c.after)[:-1], key=lambda gain: gain.mean if gain.clear else -np.inf)
        assert f"**{best.name[:1].upper()}{best.name[1:]} gain" in text
        assert best.amount() in text
        assert "lose" in text
        assert re.search(r"in (each of the|[1-6] of) 6 replications", text)


def test_one_comparison_is_told_at_length_and_many_in_a_sentence_each(study: Study) -> None:
    compared = comparisons(study)
    assert 3 <= len(answers(study, compared[:1])[0].sentences) <= 4
    headline = [{"factor": POOL, "low": a, "high": b} for a, b in ((60, 400), (400, 60))]
    study.results.provenance["headline"] = [*headline, {"factor": SHARE, "low": 0.2, "high": 0.8}]
    many = answers(study, comparisons(study))
    del study.results.provenance["headline"]
    assert [len(answer.sentences) for answer in many] == [1, 1, 1]


def test_money_is_told_by_the_household_and_year_where_households_are_known(study: Study) -> None:
    c = [each for each in comparisons(study) if each.factor.key == SHARE]
    study.results.config["city"] = {"households": 60_000}
    (answer,) = answers(study, c)
    gain = gains(study, c[0].before, c[0].after)[-1].mean * 365 / 60_000
    assert abs(gain) > 1
    assert f"about ${abs(gain):,.{0 if abs(gain) >= 10 else 2}f} a household and year" in " ".join(answer.sentences)


def test_a_sign_that_turns_elsewhere_in_the_design_is_told(tmp_path: Path) -> None:
    study = study_of(tmp_path, points=factorial({POOL: [60, 400], SHARE: [0.2, 0.8]}))
    c = [each for each in comparisons(study) if each.factor.key == SHARE]
    assert what_would_change(study, c, []).startswith("Nothing tried here: at the other setting of")
    row = study.cube.metrics.index("consumer_surplus_usd")
    before, after = (study.find({POOL: 400.0, SHARE: share}) for share in (0.2, 0.8))
    assert before is not None
    assert after is not None
    data = study.cube.data
    data[study.cube.row(after), row] = data[study.cube.row(before), row] - 500 + np.arange(6)
    told = what_would_change(study, c, [])
    assert told.startswith("With driver pool: 60 drivers, consumers gain $")
    assert "instead (mall opt-in: 20" in told


def test_a_single_factor_cannot_tell_what_would_change_it(tmp_path: Path) -> None:
    study = study_of(tmp_path, points=[{POOL: 60.0}, {POOL: 400.0}], baseline=0)
    assert "No factor was varied beside these" in what_would_change(study, comparisons(study), [])


def test_what_cannot_be_seen_is_folded_with_the_size_that_could_have_been(tmp_path: Path) -> None:
    points = [{"a.b": 0.0}, {"a.b": 1e-9}]
    changes = {"points": points, "labels": {"a.b": "A of b"}, "units": {}, "tables": (), "baseline": 0}
    folder = write_results(tmp_path, Design(**{**BARE, **changes}))
    study = Study.of(load(folder))
    unseen = [claim for claim in claims(study, comparisons(study))[0] if not claim.clear]
    assert len(unseen) > 2
    assert all(claim.seen for claim in unseen if "no difference can be seen" in claim.text)
    page = build_report(folder).read_text(encoding="utf-8")
    assert f"<details><summary>In {len(unseen)}" in page
    assert f"one of {next(claim.seen for claim in unseen if claim.seen)} would have been seen" in page
    assert "No party is seen to gain or to lose" in page
