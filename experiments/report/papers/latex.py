"""A manuscript in LaTeX: tables by booktabs, figures as wide as a column."""

import re

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
_HEAD = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{booktabs,graphicx,tabularx}
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
            return _within("verbatim", text.replace("\\end{verbatim}", ""))


def _within(environment: str, text: str) -> str:
    return f"\\begin{{{environment}}}\n{text}\n\\end{{{environment}}}"


def _table(table: Table) -> str:
    """Set numbers one below the other, words in columns that share the width."""
    wide = table.holds == "words"
    columns = ("X" if wide else "r") * (len(table.head) - 1)
    opening = f"{{\\columnwidth}}{{X{columns}}}" if wide else f"{{l{columns}}}"
    rows = [" & ".join(map(_safe, cells)) + r" \\" for _, cells in table.rows]
    lines = ["\\toprule", " & ".join(map(_safe, table.head)) + r" \\", "\\midrule", *rows, "\\bottomrule"]
    environment = "tabularx" if wide else "tabular"
    return f"\\begin{{{environment}}}{opening}\n" + "\n".join(lines) + f"\n\\end{{{environment}}}"


def _safe(text: str) -> str:
    r"""Write signs that LaTeX reads as commands, and those its fonts lack, as themselves."""
    return re.sub("|".join(map(re.escape, _SIGNS)), lambda found: _SIGNS[found.group()], text)
