"""The recipes: each command runs as it stands, one after the other in an empty folder."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from galleria.experiments.cli import main
from galleria.experiments.design.figure_names import built_in

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "how_to.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(sh|python|yaml)\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_recipes_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Own Python in a process of its own, so that it stays out of this one."""
    monkeypatch.chdir(tmp_path)
    for language, code in BLOCKS:
        if language == "yaml":
            name = re.match(r"# (\S+)\n", code)
            assert name is not None
            Path(name[1]).write_text(code, encoding="utf-8")
        elif language == "python":
            exec(code, {"__name__": "recipe"})  # noqa: S102 (our own page)
        else:
            for line in code.splitlines():
                program, *words = shlex.split(line)
                assert program == "galleria"
                if "--plugins" in words:
                    call = [sys.executable, "-m", "galleria.experiments.cli", *words]
                    done = subprocess.run(call, capture_output=True, text=True, check=False)
                    assert done.returncode == 0, (line, done.stderr)
                else:
                    assert main(words) == 0, line
    shown = re.findall(r"`galleria ([^`]+--cfg[^`]+)`", PAGE)
    assert shown
    for line in shown:
        assert main(shlex.split(line)) == 0, line
    assert "delivery_min_mean" not in capsys.readouterr().err
    assert Path("whole/summary.parquet").is_file() or list(Path("whole").glob("summary*"))


def test_every_figure_has_its_keys_told() -> None:
    assert [name for name in built_in() if f"`{name}`" not in PAGE] == []
