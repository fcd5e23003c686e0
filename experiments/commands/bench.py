"""`galleria bench`: what can be measured against others' data and bounds."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.errors import UsageError

if TYPE_CHECKING:
    from agents.dispatch.settings import DispatchSettings

type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 (argparse has no public name)


def register(commands: Subparsers) -> None:
    """Add the command and its subcommands."""
    parser = commands.add_parser("bench", help="Run benchmarks on data of others.", description=__doc__)
    parts = parser.add_subparsers(required=True, metavar="PART")
    mdrp = parts.add_parser(
        "mdrp",
        help="Run meal-delivery instances through the market's dispatcher.",
        description="Run instances of the meal-delivery routing problem through the market's dispatcher.",
        epilog="examples:\n  galleria bench mdrp ../shared/data/mdrplib\n"
        "  galleria bench mdrp ../shared/data/mdrplib --only 0o100 --output outputs/mdrp --json\n"
        "  galleria bench mdrp ../shared/data/mdrplib dispatch.rule=greedy --greedy",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    mdrp.add_argument("folder", type=Path, metavar="DIR", help="folder with instances, or with archives of them")
    mdrp.add_argument("overrides", nargs="*", metavar="KEY=VALUE", help="dispatch settings, from dispatch=meals on")
    mdrp.add_argument("--config-dir", type=Path, metavar="DIR", help="a folder of your own YAML files")
    mdrp.add_argument("--only", metavar="TEXT", default="", help="only instances whose name contains this")
    mdrp.add_argument("--output", type=Path, metavar="DIR", help="write the solution files, a folder an instance")
    mdrp.add_argument("--greedy", action="store_true", help="run the simple greedy too, and compare")
    mdrp.add_argument("--json", action="store_true", help="print a list with one object an instance")
    mdrp.add_argument("--debug", action="store_true", help="show the traceback of an error")
    mdrp.set_defaults(do=_mdrp)


def settings_of(overrides: list[str], extra: Path | None) -> "DispatchSettings":
    """Compose and check the dispatch settings of a command line."""
    from agents.dispatch.settings import DispatchSettings  # noqa: PLC0415
    from experiments.design.one_node import one_node  # noqa: PLC0415

    if not any(text.startswith("dispatch=") for text in overrides):
        overrides = ["dispatch=meals", *overrides]
    return one_node("dispatch", DispatchSettings, overrides, "bench", extra)


def _mdrp(args: argparse.Namespace) -> int:
    from experiments.mdrp import InstanceError, find_instances, read_bounds, run_greedy, run_instance, score  # noqa: PLC0415
    from experiments.mdrp.solution import write_solution  # noqa: PLC0415
    from experiments.mdrp.table import table_of, warm_up  # noqa: PLC0415

    settings = settings_of(list(args.overrides), args.config_dir)
    try:
        found = [(name, read) for name, read in find_instances(args.folder) if args.only in name]
    except InstanceError as error:
        raise UsageError(str(error)) from error
    if not found:
        raise UsageError(f"no instance in {args.folder} has {args.only!r} in its name")
    bounds = read_bounds(args.folder)
    warm_up(settings)
    rows = []
    for number, (_, read) in enumerate(found, start=1):
        instance = read()
        began = time.perf_counter()
        done = run_instance(instance, settings)
        row = score(done, bounds)
        row["seconds"] = time.perf_counter() - began
        if args.greedy:
            greedy = score(run_greedy(instance), bounds)
            row |= {"greedy_delivered": greedy["delivered"], "greedy_ctd_mean": greedy["ctd_mean"]}
        if args.output is not None:
            write_solution(done, args.output / instance.name)
        rows.append(row)
        if sys.stderr.isatty():
            print(f"\r{number} of {len(found)} instances", end="", file=sys.stderr)  # noqa: T201
    if sys.stderr.isatty():
        print("\r", end="", file=sys.stderr)  # noqa: T201
    print(json.dumps(rows, indent=1) if args.json else table_of(rows))  # noqa: T201 (a command speaks)
    return 0
