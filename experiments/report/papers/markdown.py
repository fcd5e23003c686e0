"""A manuscript in Markdown, as pandoc and GitHub read it."""

import html
import re

from galleria.experiments.report.papers.document import Block, Code, Document, Drawn, Grid, Heading, Items, Paragraph
from galleria.experiments.report.tables import Table


def markdown(document: Document) -> str:
    """Write a document in Markdown."""
    head = [f"# {_safe(document.title)}"] + ([f"*{_safe(document.question)}*"] if document.question else [])
    return "\n\n".join([*head, *(_block(block) for block in document.blocks)]) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(text, deep):
            return f"{'###' if deep else '##'} {_safe(text)}"
        case Paragraph(text):
            return _safe(text, bold=True)
        case Items(texts):
            return "\n".join(f"- {_safe(text)}" for text in texts)
        case Grid(caption, table):
            return f"{_table(table)}\n\n: {_safe(caption)}"
        case Drawn(name, caption):
            return f"![{_safe(caption)}](figures/{name}.png)"
        case Code(text):
            return f"```\n{text}\n```"


def _table(table: Table) -> str:
    rule = ":---" if table.holds == "words" else "---:"
    lines = [table.head, [":---", *[rule] * (len(table.head) - 1)], *(cells for _, cells in table.rows)]
    written = [[_safe(cell).replace("|", "\\|") for cell in line] if i != 1 else line for i, line in enumerate(lines)]
    return "\n".join(f"| {' | '.join(line)} |" for line in written)


def _safe(text: str, *, bold: bool = False) -> str:
    """Keep names from becoming markup; bold words stay bold where the text may have them."""
    kept = html.escape(" ".join(text.split()), quote=False)
    return re.sub(r"([\\`_$\[\]])" if bold else r"([\\`*_$\[\]])", r"\\\1", kept)
