"""The tutorial: its commands and code run in order and give the numbers it tells. The index leads to every page."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from galleria.experiments.commands.new import KINDS
from galleria.experiments.results import load

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE = (DOCS / "tutorial.md").read_text(encoding="utf-8")
INDEX = (DOCS / "index.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(sh|python)\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_tutorial_leads_to_the_numbers_it_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for language, code in BLOCKS:
        if language == "python":
            exec(code, {})  # noqa: S102 (our own page)
            plt.close("all")
            continue
        for line in code.splitlines():
            program, *words = shlex.split(line)
            assert program == "galleria"
            call = [sys.executable, "-m", "galleria.experiments.cli", *words]
            done = subprocess.run(call, capture_output=True, text=True, check=False)
            assert done.returncode == 0, (line, done.stderr)
    assert Path("earnings.png").stat().st_size > 0
    summary = load("first").summary
    earned = summary[summary.metric == "driver_net_usd_per_online_h"].sort_values("point")
    first, second = (float(told) for told in re.findall(r"\| ([\d.]+) \$/h \|", PAGE))
    assert earned["mean"].tolist() == pytest.approx([first, second], abs=0.006)
    told = re.search(r"\| (-[\d.]+) \[(-[\d.]+), (-[\d.]+)\] \|", PAGE)
    assert told is not None
    after = earned.iloc[1]
    assert [after["diff"], after["diff_ci_low"], after["diff_ci_high"]] == pytest.approx(
        [float(each) for each in told.groups()], abs=0.006
    )
    minutes = summary[(summary.metric == "delivery_min_mean") & (summary.point == 1)].iloc[0]
    assert minutes["diff"] == pytest.approx(-1.6, abs=0.06)
    assert minutes["diff_ci_low"] < 0 < minutes["diff_ci_high"]
    assert len(load("second").runs) >= 2


def test_the_index_leads_to_every_page_and_every_kind() -> None:
    pages = {path.name for path in DOCS.glob("*.md")} - {"index.md"}
    assert pages <= set(re.findall(r"\]\(([\w.]+\.md)", INDEX))
    assert all(f"`galleria new {kind} " in INDEX for kind in KINDS)


def test_every_part_of_a_page_that_the_index_names_is_there() -> None:
    for page, part in re.findall(r"\]\((\w+\.md)#([\w-]+)\)", INDEX):
        titles = re.findall(r"^#+ (.+)$", (DOCS / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert part in {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
