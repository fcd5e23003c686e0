"""Workers that outlive their sweep: they end with it, instead of holding memory and cores for nobody."""

import multiprocessing
import os
import threading
import time

_NAME = "ends-with-its-sweep"
_LOOK_EVERY_S = 0.5


def end_with_parent(parent: int) -> None:
    """End this process when the parent is gone; nothing happens when it is not our parent.

    Parameters
    ----------
    parent
        Process id of the sweep. Workers of a cluster, and the sweep itself, are not its children.

    Notes
    -----
    A killed sweep cannot tell its workers, and the pipe from it stays open as long as one of them holds its end.
    """
    if os.getppid() != parent:
        if multiprocessing.current_process().name.startswith("LokyProcess"):
            os._exit(1)  # a worker of this machine whose sweep was killed before the worker began
        return
    if any(thread.name == _NAME for thread in threading.enumerate()):
        return
    threading.Thread(target=_watch, args=(parent,), name=_NAME, daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY_S)
    os._exit(1)
