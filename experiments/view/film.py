"""A recorded run as a film: GIF by Pillow, MP4 where ffmpeg is installed."""

from pathlib import Path

import numpy as np
from matplotlib.animation import FFMpegWriter, PillowWriter
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from galleria.experiments.figures.theme import style
from galleria.experiments.view.moment import Moments
from galleria.experiments.view.recording import Recording
from galleria.models.errors import UsageError

FILMS = (".gif", ".mp4")
_INCHES, _DPI, _FRAMES_PER_S = (6.4, 7.2), 100, 12


def write_film(
    recording: Recording, target: Path, hours: tuple[float, float] | None = None, step_min: float = 5.0
) -> int:
    """Film a run.

    Parameters
    ----------
    recording
        The run.
    target
        A file that ends in .gif or .mp4.
    hours
        From when to when, h since the first midnight; None from the first driver to the last.
    step_min
        Simulated minutes from frame to frame; twelve frames make a second.

    Returns
    -------
    Number of frames.

    Raises
    ------
    UsageError
        No driver is on line in those hours, or ffmpeg is asked for and not installed.
    """
    if target.suffix == ".mp4" and not FFMpegWriter.isAvailable():
        raise UsageError(f"{target}: MP4 needs ffmpeg, which is not installed here; ask for a file that ends in .gif")
    moments = Moments(recording)
    first, last = moments.ends if hours is None else (hours[0] * 3600, hours[1] * 3600)
    times = np.arange(first, last, step_min * 60)
    if not len(times):
        raise UsageError(f"a film from {first / 3600:g} h to {last / 3600:g} h has no frame")
    writer = (PillowWriter if target.suffix == ".gif" else FFMpegWriter)(fps=_FRAMES_PER_S)
    with style():
        figure = Figure(figsize=_INCHES, dpi=_DPI, layout="constrained")
        canvas = FigureCanvasAgg(figure)
        ax = figure.subplots()
        moments.draw_ground(ax)
        canvas.draw()  # type: ignore[no-untyped-call]
        moving = Figure(figsize=_INCHES, dpi=_DPI)
        moving.set_layout_engine("none")
        still = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        moving.figimage(still, zorder=-1)  # roads are drawn once
        overlay = moving.add_axes(ax.get_position().bounds)
        FigureCanvasAgg(moving)
        with writer.saving(moving, str(target), _DPI):
            for at_s in times:
                overlay.cla()
                overlay.set(xlim=ax.get_xlim(), ylim=ax.get_ylim())
                overlay.set_axis_off()
                moments.draw_moving(overlay, float(at_s))
                writer.grab_frame()
    return len(times)
