"""Make the pictures of docs/gallery.md and of README: `python docs/pictures/gallery.py` (two minutes).

One sweep of a toy city; the pictures are those of its report. `--from DIR` takes them from results that are there.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ASKED = ["city=toy", "city.households=4000", "drivers.pool=20,40,80", "run.replications=8"]
PICTURES = {
    "response-driver-net-usd-per-online-h-by-drivers-pool": "earnings",
    "response-delivery-min-mean-by-drivers-pool": "minutes",
    "gains-drivers-pool-0-2": "gains",
    "city-map": "map",
    "day": "day",
    "shares-couriers-by-drivers-pool": "shares",
}
"""Figure of the report -> name of the picture."""


def main() -> None:
    """Run the sweep and copy its pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="source", type=Path)
    source = parser.parse_args().source
    with tempfile.TemporaryDirectory() as name:
        folder = source or Path(name) / "swept"
        if source is None:
            call = [sys.executable, "-m", "galleria.experiments.cli", "sweep", *ASKED, f"run.output={folder}"]
            subprocess.run([*call, "--quiet"], check=True)  # noqa: S603 (our own command)
        for figure, picture in PICTURES.items():
            shutil.copyfile(folder / "report" / "figures" / f"{figure}.png", HERE / f"{picture}.png")


if __name__ == "__main__":
    main()
