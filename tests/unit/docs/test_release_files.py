"""What a release carries beside code names the same version and name, and parses."""

import json
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_citation_and_codemeta_name_the_version_of_the_package() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    codemeta = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
    assert citation["version"] == codemeta["version"] == PROJECT["version"]
    assert codemeta["description"] == PROJECT["description"]
    assert set(codemeta["keywords"]) == set(PROJECT["keywords"])


def test_archive_and_citation_have_one_title() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    archive = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    assert archive["title"] == citation["title"]
    assert archive["creators"] == [{"name": author["name"]} for author in citation["authors"]]


def test_workflow_hooks_and_forms_are_yaml() -> None:
    files = [ROOT / ".pre-commit-config.yaml", *ROOT.joinpath(".github").rglob("*.yml")]
    assert len(files) == 4
    for file in files:
        assert isinstance(yaml.safe_load(file.read_text(encoding="utf-8")), dict), file
