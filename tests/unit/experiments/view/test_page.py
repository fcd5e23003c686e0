"""The page: data that look like code stay data, and the browser is told to run and fetch nothing else."""

import base64
import hashlib
import json
import re

from galleria.experiments.view.page import page_of

HOSTILE = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'


def test_hostile_names_are_data_and_no_markup() -> None:
    page = page_of({"title": HOSTILE, "ground": {"name": HOSTILE}, "days": [], "live": None})
    assert page.count("<script") == 2
    assert "<img" not in page
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    assert json.loads(data[1])["ground"]["name"] == HOSTILE


def test_the_policy_names_the_script_and_style_that_are_there() -> None:
    page = page_of({"title": "", "ground": {}, "days": [], "live": None})
    for kind, pattern in (("script", r"<script>(.*?)</script>"), ("style", r"<style>(.*?)</style>")):
        inner = re.search(pattern, page, re.DOTALL)
        assert inner is not None
        digest = base64.b64encode(hashlib.sha256(inner[1].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in page
    assert "default-src 'none'" in page


def test_texts_reach_the_page_as_text() -> None:
    page = page_of({"title": "", "ground": {}, "days": [], "live": None})
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "http://", "https://"):
        assert way not in page.replace("http://www.w3.org/2000/svg", ""), way
