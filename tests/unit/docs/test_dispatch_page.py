"""The page on dispatch: its code runs, and it lists every choice there is."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_code_of_the_page_runs() -> None:
    page = (ROOT / "docs" / "dispatch.md").read_text(encoding="utf-8")
    for block in re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL):
        exec(compile(block, "docs/dispatch.md", "exec"), {})  # noqa: S102 (our own page)


def test_every_choice_of_dispatch_is_on_the_page() -> None:
    page = (ROOT / "docs" / "dispatch.md").read_text(encoding="utf-8")
    for path in (ROOT / "conf" / "dispatch").glob("*.yaml"):
        assert f"`{path.stem}`" in page or f"dispatch={path.stem}" in page, path.stem
