"""What is installed with Galleria may be used by anyone: every package tells a permissive licence."""

import pytest

from tests.licences import OF_THEIR_FILES, PERMISSIVE, licence, parts, pinned


@pytest.mark.parametrize("requirements", ["base.txt", "dev.txt"])
def test_every_package_is_permissive_or_binds_its_own_files_alone(requirements: str) -> None:
    packages = pinned(requirements)
    assert len(packages) > 40
    assert {package: licence(package) for package in packages if not parts(licence(package)) <= _allowed()} == {}


def test_what_runs_need_binds_no_more_than_one_package_of_theirs() -> None:
    bound = [package for package in pinned("base.txt") if OF_THEIR_FILES in parts(licence(package))]
    assert bound == ["tqdm"]


def _allowed() -> set[str]:
    return PERMISSIVE | {OF_THEIR_FILES}
