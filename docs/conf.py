"""How Sphinx builds the site: `make docs`. The pages are those of the repository, as they stand; README is the door."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a test reads the contents below where Sphinx is not installed
    from docutils.nodes import Element
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

ROOT = Path(__file__).resolve().parents[1]

project = "Galleria"
author = copyright = "Galleria contributors"  # noqa: A001 (Sphinx's name)
root_doc = "README"
include_patterns = [
    "README.md",
    "CONTRIBUTING.md",
    "CODE_OF_CONDUCT.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "tests/mutants/kills.md",
    "docs/**",
]
exclude_patterns = [".*", "agents", "build", "conf", "experiments", "galleria", "hydra_plugins", "models", "outputs"]
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]

myst_enable_extensions: list[str] = []  # no formulas between dollars: dollars are money here
myst_fence_as_directive = ["math"]  # as GitHub writes formulas
myst_heading_anchors = 4
html_math_renderer = "mathml"  # browsers set it without a script from elsewhere
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 1800
nb_output_stderr = "remove"  # warnings of this machine
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
suppress_warnings = ["myst.header"]  # a page may open with a part

html_theme = "pydata_sphinx_theme"
html_title = "Galleria"
html_static_path = ["site/static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
templates_path = ["site/templates"]
html_sidebars = {"**": ["pages.html"]}
html_theme_options = {
    "navbar_center": [],
    "secondary_sidebar_items": ["page-toc"],
    "show_toc_level": 2,
    "footer_start": ["copyright"],
    "footer_end": [],
    "pygments_light_style": "tango",
}

PARTS = {
    "Start": ["docs/tutorial", "docs/index", "docs/how_to", "docs/gallery"],
    "Notebooks": [
        "docs/notebooks/run_and_map",
        "docs/notebooks/own_policy",
        "docs/notebooks/calibration",
        "docs/notebooks/mesa_tour",
    ],
    "Ask": [
        "docs/experiments",
        "docs/policies",
        "docs/cities",
        "docs/calibration",
        "docs/competition",
        "docs/dispatch",
        "docs/live_city",
    ],
    "The model": [
        "docs/odd",
        "docs/decisions",
        "docs/equations",
        "docs/flows",
        "docs/why",
        "docs/design_defaults",
        "docs/glossary",
    ],
    "Reference": [
        "docs/configuration",
        "docs/results",
        "docs/measures",
        "docs/api",
        "docs/events",
        "docs/mesa",
        "docs/security",
    ],
    "Trust": [
        "docs/verification",
        "docs/performance",
        "tests/mutants/kills",
        "docs/reliability",
        "docs/credibility",
        "docs/what_we_found",
        "docs/why_findings_changed",
    ],
    "Project": [
        "docs/compare",
        "docs/roadmap",
        "docs/house",
        "docs/review_checklist",
        "CONTRIBUTING",
        "CODE_OF_CONDUCT",
        "SECURITY",
        "CHANGELOG",
    ],
}
"""The pages by part, in the order of the side bar."""

_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)#\s]+)(#[^)\s]*)?\)")


def pages() -> str:
    """Return the contents of the side bar."""
    return "".join(
        f"\n```{{toctree}}\n:hidden:\n:caption: {title}\n\n" + "\n".join(f"/{name}" for name in names) + "\n```\n"
        for title, names in PARTS.items()
    )


def read(app: Sphinx, name: str, source: list[str]) -> None:
    """Keep links to pages; of a link to another file of the repository its words: the site has no copy of the code."""
    here = (ROOT / name).parent
    parts = re.split(r"(^```.*?^```)", source[0], flags=re.DOTALL | re.MULTILINE)

    def kept(link: re.Match[str]) -> str:
        picture, words, target, part = link[1], link[2], link[3], link[4] or ""
        path = (here / target).resolve()
        if picture or "://" in target or not path.exists():  # Sphinx tells what leads nowhere
            return link[0]
        inside = path.relative_to(ROOT).with_suffix("").as_posix()
        return f"[{words}]({target}{part})" if inside in app.env.found_docs else words

    if not name.startswith("docs/notebooks/"):
        source[0] = "".join(text if text.startswith("```") else _LINK.sub(kept, text) for text in parts)
    if name == root_doc:
        source[0] += pages()


def open_the_door(app: Sphinx, error: Exception | None) -> None:
    """README is the page of the site's own address."""
    if error is None and app.builder.format == "html":
        shutil.copyfile(Path(app.outdir) / "README.html", Path(app.outdir) / "index.html")


def formula(translator: HTML5Translator, node: Element) -> None:
    """Write a formula as MathML."""
    from docutils.nodes import SkipNode  # noqa: PLC0415 (a test reads this file where neither is installed)
    from latex2mathml.converter import convert  # noqa: PLC0415

    written = convert(node.astext(), display="block" if node.tagname == "math_block" else "inline")
    translator.body.append(f'<div class="formula">{written}</div>' if node.tagname == "math_block" else written)
    raise SkipNode


def setup(app: Sphinx) -> None:
    """Connect all to Sphinx."""
    app.add_html_math_renderer("mathml", (formula, None), (formula, None))
    app.connect("source-read", read)
    app.connect("build-finished", open_the_door)
