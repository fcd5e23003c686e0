"""What a finished sweep leaves behind: the report, and its findings in the terminal."""

import sys

from galleria.experiments.design.model import Model
from galleria.experiments.results import load
from galleria.experiments.results.folder import Folder


def conclude(folder: Folder, model: Model, *, quiet: bool) -> int:
    """Build the report, print what was found, tidy up; return the exit code: 1 when runs failed."""
    results = load(folder.path)
    failed = results.runs[results.runs["status"] == "failed"]
    if len(results.runs) == len(results.plan) and not len(failed):
        folder.discard_work()
    report, findings = model.report(folder.path)
    if not quiet:
        seconds = results.provenance.get("seconds") or 0.0
        print(f"{len(results.runs) - len(failed)} runs done, {len(failed)} failed, {seconds:.0f} s")  # noqa: T201
        for finding in findings:
            print(f"  - {finding}")  # noqa: T201
    for _, run in failed.head(3).iterrows():
        print(f"galleria: run {run['run_key']} failed: {run['error']}", file=sys.stderr)  # noqa: T201
    if len(failed):
        print(  # noqa: T201
            f"galleria: {len(failed)} runs failed; tracebacks in {folder.tracebacks}; --retry-failed does them again",
            file=sys.stderr,
        )
    print(f"Report: {report}")  # noqa: T201
    return 1 if len(failed) else 0
