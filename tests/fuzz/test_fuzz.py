"""Five hundred configurations with a fault are refused in words or run, in a process of their own."""

import subprocess
import sys
from pathlib import Path

from tests.fuzz.files import EXPERIMENTS, POLICIES
from tests.fuzz.page import page

ROOT = Path(__file__).resolve().parents[2]


def test_five_hundred_faults_end_in_words_or_a_plan() -> None:
    command = [sys.executable, "-m", "tests.fuzz.run", "--count", "500", "--seed", "3", "--simulate-every", "50"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert ended.returncode == 0, ended.stdout[-5000:] + ended.stderr[-2000:]


def test_the_page_is_what_the_full_runs_kept() -> None:
    assert (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8") == page()


def test_strange_files_are_many() -> None:
    assert len(POLICIES) > 70
    assert len(EXPERIMENTS) > 50
