"""A manuscript in LaTeX: tables by booktabs, figures as wide as a column."""

import re
from textwrap import wrap

from galleria.experiments.report.papers.document import Block, Code, Document, Drawn, Grid, Heading, Items, Paragraph
from galleria.experiments.report.tables import Table

_SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "\u2212": "$-$",
    "\u202f": r"\,",
    "\u00a0": "~",
    "\u2192": r"$\to$",
    "\u00d7": r"$\times$",
    "\u00b1": r"$\pm$",
    "\u2020": r"\textdagger{}",
    "\u2013": "--",
    "\u2026": r"\ldots{}",
    "\u2264": r"$\leq$",
    "\u2265": r"$\geq$",
}
_COLUMNS = 78
"""Letters of a line of code that a page has room for."""
_HEAD = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{booktabs,graphicx,tabularx}
\emergencystretch=4em
"""


def latex(document: Document) -> str:
    """Write a document in LaTeX, complete with its preamble; tables and figures can be cut out of it."""
    title = f"\\title{{{_safe(document.title)}}}\n\\author{{}}\n\\date{{}}\n"
    question = [f"\\emph{{{_safe(document.question)}}}"] if document.question else []
    body = "\n\n".join([*question, *(_block(block) for block in document.blocks)])
    return f"{_HEAD}{title}\\begin{{document}}\n\\maketitle\n\n{body}\n\n\\end{{document}}\n"


def _block(block: Block) -> str:
    match block:
        case Heading(text, deep):
            return f"\\{'subsection' if deep else 'section'}*{{{_safe(text)}}}"
        case Paragraph(text):
            parts = text.split("**")
            return "".join(f"\\textbf{{{_safe(part)}}}" if i % 2 else _safe(part) for i, part in enumerate(parts))
        case Items(texts):
            return _within("itemize", "\n".join(f"\\item {_safe(text)}" for text in texts) or "\\item --")
        case Grid(caption, table):
            return _within("table", f"\\centering\n\\caption{{{_safe(caption)}}}\n{_table(table)}")
        case Drawn(name, caption):
            picture = f"\\centering\n\\includegraphics[width=\\columnwidth]{{figures/{name}.pdf}}"
            return _within("figure", f"{picture}\n\\caption{{{_safe(caption)}}}\n\\label{{fig:{name}}}")
        case Code(text):
            kept = _within("verbatim", _broken(text.replace("\\end{verbatim}", "")))
            return f"{{\\scriptsize\n{kept}\n}}"


def _within(environment: str, text: str) -> str:
    return f"\\begin{{{environment}}}\n{text}\n\\end{{{environment}}}"


def _broken(text: str) -> str:
    """Break a command that is wider than a page, as a shell takes it; text of several lines stays as it is."""
    if len(text) <= _COLUMNS or "\n" in text:
        return text
    return " \\\n  ".join(wrap(text, _COLUMNS, break_long_words=False, break_on_hyphens=False))


def _table(table: Table) -> str:
    """Set numbers one below the other, words in columns that share the width; names are broken where they must."""
    columns = ("X" if table.holds == "words" else "r") * (len(table.head) - 1)
    rows = [" & ".join(map(_safe, cells)) + r" \\" for _, cells in table.rows]
    lines = ["\\toprule", " & ".join(map(_safe, table.head)) + r" \\", "\\midrule", *rows, "\\bottomrule"]
    return f"\\small\n\\begin{{tabularx}}{{\\columnwidth}}{{X{columns}}}\n" + "\n".join(lines) + "\n\\end{tabularx}"


def _safe(text: str) -> str:
    r"""Write signs that LaTeX reads as commands, and those its fonts lack, as themselves."""
    return re.sub("|".join(map(re.escape, _SIGNS)), lambda found: _SIGNS[found.group()], text)
