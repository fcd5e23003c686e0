"""`galleria view`: the live city in the browser."""

import sys
from pathlib import Path

import click

from galleria.experiments.commands.options import command, config_dir, overrides, plugins


@command(
    "  galleria view\n"
    "  galleria view city=toy drivers.pool=60\n"
    "  galleria view market=rivals policy=min_pay_seattle --port 8700"
)
@overrides
@plugins
@config_dir
@click.option("--port", type=click.IntRange(0, 65_535), default=0, metavar="N", help="Where to listen; 0 for any.")
@click.option("--no-browser", is_flag=True, help="Print the address and open nothing.")
def view(overrides: tuple[str, ...], config_dir: Path | None, port: int, *, no_browser: bool) -> None:
    """Watch a day of the market in the browser.

    KEY=VALUE is what differs from conf/, as Hydra takes it. The page is served to this machine alone, until Ctrl-C.
    """
    import webbrowser

    from galleria.experiments.view.live import Live
    from galleria.experiments.view.server import LiveServer
    from galleria.models.errors import UsageError

    if sys.stderr.isatty():
        click.echo("Running the day ...", err=True)
    live = Live(overrides, config_dir)
    try:
        server = LiveServer(live, port, " ".join(["Galleria", *overrides]))
    except OSError as error:
        raise UsageError(f"--port {port}: {error.strerror}") from error
    click.echo(f"Live city: {server.url} (Ctrl-C ends it)")
    if not no_browser:
        webbrowser.open(server.url)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("")
    finally:
        server.server_close()
