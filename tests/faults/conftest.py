"""The sweep that nothing disturbs, made once for all tests of this folder, whichever process runs them."""

import os

import pytest
from filelock import FileLock

from tests.faults.sweeping import Undisturbed, undisturbed


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """Sweep undisturbed."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    shared = tmp_path_factory.getbasetemp().parent / f"whole_{run}" if run else tmp_path_factory.mktemp("whole")
    shared.mkdir(exist_ok=True)
    with FileLock(shared / "lock"):
        told = shared / "seconds"
        if not told.exists():
            place = shared / "undisturbed"
            place.mkdir()
            told.write_text(str(undisturbed(place)[1]), encoding="ascii")
    return shared / "undisturbed" / "results", float(told.read_text(encoding="ascii"))
