"""The page of the live city: one HTML file that holds its data and needs nothing else, not even a network."""

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment

_PARTS = Path(__file__).resolve().parent.parent / "templates" / "view"
_SCRIPTS = ("model", "map", "charts", "stories", "controls", "main")


def page_of(data: Mapping[str, Any]) -> str:
    """Write the page.

    Parameters
    ----------
    data
        Title, ground and days; what a served page needs beside is in `live`, None for a file.
    """
    script = '"use strict";\n' + "\n".join(_read(f"{name}.js") for name in _SCRIPTS)
    style = _read("view.css")
    template = Environment(autoescape=True).from_string(_read("page.html"))
    return template.render(
        title=data["title"],
        script=script,
        style=style,
        script_hash=_hash(script),
        style_hash=_hash(style),
        data=as_json(data),
    )


def as_json(data: Any) -> str:
    """Return data as JSON in which nothing can end the element that holds it."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _read(name: str) -> str:
    return (_PARTS / name).read_text(encoding="utf-8").strip()


def _hash(text: str) -> str:
    """Name a script or style to the browser, which runs no other."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
