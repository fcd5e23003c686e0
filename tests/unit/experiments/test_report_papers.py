"""The report as a manuscript: what it holds, and that names stay words in both languages."""

import re
import shlex
from pathlib import Path
from shutil import which
from subprocess import run

import pytest

from galleria.experiments.report import build_report
from galleria.experiments.report.papers.document import Code, Document, citation, document
from galleria.experiments.report.papers.latex import latex
from galleria.experiments.report.papers.markdown import markdown
from galleria.experiments.report.study import Study
from galleria.experiments.report.told import told
from galleria.experiments.results import load
from tests.synthetic_results import POOL, Design, write_results

ROOT = Path(__file__).resolve().parents[3]
HOSTILE = "A_b & {50 %} $x$ \\input{/etc/passwd} <script>alert(1)</script> | **c** ^~#"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    points, labels = [{POOL: 60.0}, {POOL: 400.0}], {POOL: HOSTILE}
    design = Design(points=list(points), labels=labels, units={POOL: "drivers"}, tables=())
    return write_results(tmp_path_factory.mktemp("paper"), design)


@pytest.fixture(scope="module")
def written(folder: Path) -> tuple[str, str]:
    build_report(folder, ("png", "pdf"), ("md", "tex"))
    md, tex = ((folder / "report" / f"report.{ending}").read_text(encoding="utf-8") for ending in ("md", "tex"))
    return md, tex


def test_a_manuscript_has_answer_results_figures_methods_and_citation(folder: Path, written: tuple[str, str]) -> None:
    study = Study.of(load(folder))
    said = told(study)
    names = [chart.name for section in said.sections for chart in section.charts]
    assert len(names) >= 3
    for text, ending, heading in zip(written, ("png", "pdf"), ("## {}", "\\section*{{{}}}"), strict=True):
        for part in ("Answer", "Results", "Figures", "Methods", "Citation"):
            assert heading.format(part) in text
        assert re.findall(rf"figures/(\S+)\.{ending}", text) == names
        assert all((folder / "report" / "figures" / f"{name}.{ending}").exists() for name in names)
        assert "common random numbers" in text
        assert "Holm" in text
        assert "The root seed is 7." in text
        assert citation("x").splitlines()[1] in text


def test_results_are_the_numbers_of_the_page(folder: Path, written: tuple[str, str]) -> None:
    page = (folder / "report" / "index.html").read_text(encoding="utf-8")
    row = re.search(r">Welfare[^<]*</th>(.*?)</tr>", page.split('id="numbers"')[1], re.DOTALL)
    assert row is not None
    cells = re.findall(r">([^<]+)</td>", row.group(1))[:4]
    assert ("| " + " | ".join(cells) + " |").replace("$", "\\$") in written[0]
    assert " & ".join(cells).replace("\N{MINUS SIGN}", "$-$") in written[1]


def test_names_stay_words(written: tuple[str, str]) -> None:
    md, tex = written
    assert "<script>" not in md
    assert "A\\_b &amp;" in md
    assert "\\input" not in tex
    assert "A\\_b \\& \\{50 \\%\\}" in tex
    outside = re.sub(r"\\begin\{verbatim\}.*?\\end\{verbatim\}", "", tex, flags=re.DOTALL)
    for opening, closing in (("{", "}"), (r"\begin", r"\end")):
        plain = outside.replace("\\{", "").replace("\\}", "")
        assert plain.count(opening) == plain.count(closing)
    assert not re.search(r"(?<!\\)[%#]", outside)
    assert outside.isascii()


@pytest.mark.skipif(which("kpsewhich") is None, reason="needs LaTeX")
@pytest.mark.usefixtures("written")
def test_latex_sets_it_within_its_margins(folder: Path, tmp_path: Path) -> None:
    if not run(["kpsewhich", "booktabs.sty"], capture_output=True, check=False).stdout:
        pytest.skip("needs booktabs")
    call = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"-output-directory={tmp_path}", "report.tex"]
    said = run(call, cwd=folder / "report", capture_output=True, text=True, errors="replace", check=False)
    assert said.returncode == 0, said.stdout[-2000:]
    assert (tmp_path / "report.pdf").is_file()
    wide = re.findall(r"Overfull \\hbox \(([\d.]+)pt.*\n(.*)", said.stdout)
    assert [each for each in wide if "passwd" not in each[1]] == [], "only the name that cannot be broken is wider"


def test_long_commands_are_broken_as_a_shell_takes_them() -> None:
    command = "galleria sweep " + " ".join(f"drivers.pool={n}" for n in range(20))
    text = latex(Document("t", "", (Code(command),)))
    lines = text.split("\\begin{verbatim}\n")[1].split("\n\\end")[0].splitlines()
    assert max(map(len, lines)) <= 82
    assert shlex.split("\n".join(lines).replace("\\\n", "")) == shlex.split(command)
    hostile = latex(Document("t", "", (Code("a \\end{verbatim} b"),)))
    assert hostile.count("\\end{verbatim}") == 1


def test_one_replication_and_a_single_point_make_a_manuscript(tmp_path: Path) -> None:
    folder = write_results(tmp_path, Design(points=[{}], labels={}, units={}, replications=1, tables=()))
    study = Study.of(load(folder))
    made = document(study, told(study))
    for text in (markdown(made), latex(made)):
        assert "Student's t intervals of 95" in text
        assert "nan" not in text.lower().split()


def test_the_citation_is_that_of_the_repository() -> None:
    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    title = re.search(r'^title: "(.*)"$', cited, re.MULTILINE)
    assert title is not None
    assert title.group(1) in citation("1").replace("{Galleria}", "Galleria")
    assert 'name: "Galleria contributors"' in cited
    assert "license = {MIT}" in citation("1")
    assert "license: MIT" in cited
