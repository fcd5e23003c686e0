"""The command `galleria`.

Every subcommand imports what it needs when it is called, so that `galleria --help` answers at once.
"""

import argparse
import importlib
import importlib.util
import os
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

DESCRIPTION = """\
A laboratory for policy experiments on mall-direct gig delivery.

  galleria run policy=none drivers.pool=300              one design point
  galleria sweep experiment=driver_supply_x_opt_in       a designed sweep, with a report
  galleria sweep drivers.pool=100,200,300 run.replications=8
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; give the exit code: 0, 1 ran and failed, 2 wrong usage or configuration."""
    parser = _parser()
    args = parser.parse_args(argv)
    debug = getattr(args, "debug", False)
    try:
        code: int = args.do(args)
    except KeyboardInterrupt:
        print("galleria: interrupted", file=sys.stderr)  # noqa: T201
        return 1
    except BrokenPipeError:  # the reader of our output (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 (the last resort: one paragraph instead of a traceback)
        from experiments.errors import UsageError  # noqa: PLC0415

        if debug:
            traceback.print_exc()
        usage = isinstance(error, UsageError)
        what = str(error) if usage else f"{type(error).__name__}: {error} (--debug shows where)"
        print(f"galleria: {what}", file=sys.stderr)  # noqa: T201
        return 2 if usage else 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="galleria", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"galleria {version('galleria')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands)
    _add_sweep(commands)
    _add_of_folder(commands)
    _add_of_folders(commands)
    for part in ("city", "bench"):
        if importlib.util.find_spec(f"experiments.commands.{part}") is not None:
            importlib.import_module(f"experiments.commands.{part}").register(commands)
    return parser


type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 (argparse has no public name)


def _add(commands: Subparsers, name: str, summary: str, examples: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=f"examples:\n{examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    return parser


def _add_run(commands: Subparsers) -> None:
    parser = _add(
        commands,
        "run",
        "Run one design point, all its replications.",
        "  galleria run\n"
        "  galleria run drivers.pool=300 run.replications=10 run.tables=all\n"
        "  galleria run city=file city.path=graph.graphml.gz city.malls=malls.csv",
    )
    _add_configuration(parser)
    parser.set_defaults(do=_run, multirun=False, dry_run=False, retry_failed=False, part=(1, 1))


def _add_sweep(commands: Subparsers) -> None:
    parser = _add(
        commands,
        "sweep",
        "Run a designed sweep; the same command again continues it after any interruption.",
        "  galleria sweep experiment=driver_supply_x_opt_in\n"
        "  galleria sweep drivers.pool=100,200 retailers.opt_in.share=0.2,0.8 run.replications=8\n"
        "  galleria sweep experiment=driver_supply_x_opt_in hydra.launcher.n_jobs=8\n"
        "  galleria sweep experiment=driver_supply_x_opt_in --dry-run",
    )
    _add_configuration(parser)
    parser.add_argument("--dry-run", action="store_true", help="print the plan and run nothing")
    parser.add_argument("--retry-failed", action="store_true", help="do failed runs again")
    parser.add_argument(
        "--part",
        type=_part,
        default=(1, 1),
        metavar="I/N",
        help="do the I-th of N parts here (others elsewhere; then merge)",
    )
    parser.set_defaults(do=_run, multirun=True)


def _part(text: str) -> tuple[int, int]:
    number, _, parts = text.partition("/")
    if not (number.isdigit() and parts.isdigit() and 1 <= int(number) <= int(parts)):
        raise argparse.ArgumentTypeError(f"{text} is not of the form I/N with 1 <= I <= N, such as 2/3")
    return int(number), int(parts)


def _add_configuration(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("overrides", nargs="*", metavar="KEY=VALUE", help="what differs from conf/, as Hydra takes it")
    parser.add_argument("--config-dir", type=Path, metavar="DIR", help="a folder of your own YAML files")
    parser.add_argument("--quiet", action="store_true", help="no progress, no findings")


def _run(args: argparse.Namespace) -> int:
    from experiments.design.compose import CONF, Source  # noqa: PLC0415
    from experiments.galleria import Galleria  # noqa: PLC0415
    from experiments.run import execute  # noqa: PLC0415
    from experiments.sweep.command import Command  # noqa: PLC0415
    from experiments.sweep.worker import Part  # noqa: PLC0415

    command = Command(
        overrides=tuple(args.overrides),
        multirun=args.multirun,
        source=Source(CONF, extra=args.config_dir),
        quiet=args.quiet,
        dry_run=args.dry_run,
        retry_failed=args.retry_failed,
        part=Part(*args.part),
        debug=args.debug,
    )
    return execute(command, Galleria())


def _add_of_folder(commands: Subparsers) -> None:
    report = _add(
        commands,
        "report",
        "(Re)build the report of a results folder, collecting what is done if its sweep is unfinished.",
        "  galleria report outputs/driver_supply_x_opt_in/3f2a9c1b7d55",
    )
    report.add_argument("folder", type=Path, metavar="DIR", help="a results folder")
    report.set_defaults(do=_report)
    status = _add(
        commands,
        "status",
        "Say how far a sweep is, from any shell.",
        "  galleria status outputs/driver_supply_x_opt_in/3f2a9c1b7d55",
    )
    status.add_argument("folder", type=Path, metavar="DIR", help="a results folder")
    status.set_defaults(do=_status)
    query = _add(
        commands,
        "query",
        "Ask the results tables in SQL: plan, runs, metrics, summary, and orders, hours, zones, ... if kept.",
        '  galleria query DIR "SELECT metric, avg(value) FROM metrics GROUP BY metric"\n'
        '  galleria query DIR "SELECT * FROM summary" --csv > summary.csv',
    )
    query.add_argument("folder", type=Path, metavar="DIR", help="a results folder")
    query.add_argument("sql", metavar="SQL", help="one statement")
    query.add_argument("--csv", action="store_true", help="print comma-separated values instead of a table")
    query.set_defaults(do=_query)


def _add_of_folders(commands: Subparsers) -> None:
    compare = _add(
        commands,
        "compare",
        "Say what changed from one results folder to another, paired by replication where seeds match.",
        "  galleria compare outputs/none outputs/commission_cap\n"
        "  galleria compare DIR_A DIR_B --metric consumer_surplus_usd --metric welfare_usd --csv",
    )
    compare.add_argument(
        "folders", type=Path, nargs=2, metavar="DIR", help="two results folders; differences are B - A"
    )
    compare.add_argument("--metric", action="append", default=[], help="a measure (repeatable); all if none is named")
    compare.add_argument("--csv", action="store_true", help="print comma-separated values instead of a table")
    compare.set_defaults(do=_compare)
    merge = _add(
        commands,
        "merge",
        "Put the parts of one sweep, done on several machines, together.",
        "  galleria sweep experiment=driver_supply_x_opt_in --part 1/2     on one machine, 2/2 on another\n"
        "  galleria merge part_one part_two --into whole",
    )
    merge.add_argument("folders", type=Path, nargs="+", metavar="DIR", help="results folders of one plan")
    merge.add_argument("--into", type=Path, required=True, metavar="DIR", help="the new folder")
    merge.set_defaults(do=_merge)
    power = _add(
        commands,
        "power",
        "Say how many replications would show a difference of a given size from the baseline point.",
        "  galleria power DIR --metric consumer_surplus_usd --difference 500",
    )
    power.add_argument("folder", type=Path, metavar="DIR", help="results of a pilot")
    power.add_argument("--metric", required=True, help="a measure")
    power.add_argument("--difference", type=float, required=True, help="the difference to be seen, in its unit")
    power.add_argument("--chance", type=float, default=0.8, help="wanted chance of seeing it (default 0.8)")
    power.add_argument("--csv", action="store_true", help="print comma-separated values instead of a table")
    power.set_defaults(do=_power)


def _power(args: argparse.Namespace) -> int:
    from experiments.commands.folder_commands import power  # noqa: PLC0415
    from experiments.errors import UsageError  # noqa: PLC0415
    from experiments.results.folder import Folder  # noqa: PLC0415

    if not 0 < args.chance < 1 or args.difference == 0:
        raise UsageError("--chance must be between 0 and 1, and --difference not zero")
    return power(Folder(args.folder.resolve()), args.metric, args.difference, args.chance, csv=args.csv)


def _report(args: argparse.Namespace) -> int:
    from experiments.commands.folder_commands import report  # noqa: PLC0415
    from experiments.galleria import Galleria  # noqa: PLC0415
    from experiments.results.folder import Folder  # noqa: PLC0415

    return report(Folder(args.folder.resolve()), Galleria())


def _status(args: argparse.Namespace) -> int:
    from experiments.commands.folder_commands import status  # noqa: PLC0415
    from experiments.results.folder import Folder  # noqa: PLC0415

    return status(Folder(args.folder.resolve()))


def _compare(args: argparse.Namespace) -> int:
    from experiments.commands.folder_commands import compare  # noqa: PLC0415
    from experiments.results.folder import Folder  # noqa: PLC0415

    first, second = (Folder(folder.resolve()) for folder in args.folders)
    return compare(first, second, args.metric, csv=args.csv)


def _merge(args: argparse.Namespace) -> int:
    from experiments.commands.folder_commands import merge  # noqa: PLC0415
    from experiments.galleria import Galleria  # noqa: PLC0415
    from experiments.results.folder import Folder  # noqa: PLC0415

    folders = [Folder(folder.resolve()) for folder in args.folders]
    return merge(folders, Folder(args.into.resolve()), Galleria())


def _query(args: argparse.Namespace) -> int:
    from experiments.commands.folder_commands import query  # noqa: PLC0415
    from experiments.results.folder import Folder  # noqa: PLC0415

    return query(Folder(args.folder.resolve()), args.sql, csv=args.csv)


if __name__ == "__main__":
    sys.exit(main())
