"""A sweep on a Slurm of two nodes, one of which dies in the middle: `make test-slurm`, as root on Debian.

Both nodes are daemons of this machine and listen on loopback. Slurm keeps no accounts here, so that submitit cannot
learn that a job is lost and waits for it: the sweep is ended as Ctrl-C ends it, and the same command goes on.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.sweeping import digests

pytestmark = pytest.mark.skipif(
    "GALLERIA_SLURM" not in os.environ or not all(map(shutil.which, ("munged", "slurmctld", "slurmd"))),
    reason="make test-slurm asks for it, where Slurm and munge are installed",
)

GALLERIA = (sys.executable, "-m", "galleria.experiments.cli")
SWEEP = ("sweep", "city=toy", "city.households=400", "drivers.pool=20,40,60,80,100", "run.replications=8", "--quiet")
RUNS = 40
SLURM = ("hydra/launcher=submitit_slurm", "hydra.launcher.partition=all", "hydra.launcher.cpus_per_task=1")
NODES = ("one", "two")
CONF = """
ClusterName=loopback
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/socket
SlurmctldPort={port}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdTimeout=10
ReturnToService=2
SwitchType=switch/none
MpiDefault=none
{nodes}
PartitionName=all Nodes={names} Default=YES MaxTime=INFINITE State=UP
"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def until(holds: Callable[[], bool], what: str, seconds: float = 180.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.2)


@dataclass
class Cluster:
    """A Slurm of two nodes, its daemons by name."""

    env: dict[str, str]
    daemons: dict[str, subprocess.Popen[bytes]]

    def start(self, name: str, *command: str) -> None:
        """Start a daemon."""
        quiet = subprocess.DEVNULL
        self.daemons[name] = subprocess.Popen(command, env=self.env, stdout=quiet, stderr=quiet, start_new_session=True)

    def told(self, *command: str) -> str:
        """Return what a command of Slurm says."""
        return subprocess.run(command, env=self.env, capture_output=True, text=True, check=False).stdout

    def kill(self, node: str) -> None:
        """Kill a node with all that runs on it, as if its power failed."""
        self.daemons[node].kill()
        self.daemons[node].wait()
        for place in Path("/proc").glob("[0-9]*"):
            try:
                words = (place / "environ").read_bytes().split(b"\0")
            except OSError:  # gone, or not ours to read
                continue
            ours = f"SLURM_CONF={self.env['SLURM_CONF']}".encode() in words
            if ours and f"SLURMD_NODENAME={node}".encode() in words:
                os.kill(int(place.name), signal.SIGKILL)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    host, folder = socket.gethostname(), tmp_path / "cluster"
    (folder / "state").mkdir(parents=True)
    (folder / "key-file").write_bytes(secrets.token_bytes(1024))
    (folder / "key-file").chmod(0o600)
    nodes = "\n".join(
        f"NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={free_port()} CPUs=1 State=UNKNOWN"
        for name in NODES
    )
    conf = CONF.format(host=host, folder=folder, port=free_port(), nodes=nodes, names=",".join(NODES))
    (folder / "slurm.conf").write_text(conf, encoding="utf-8")
    made = Cluster({**os.environ, "SLURM_CONF": str(folder / "slurm.conf")}, {})
    files = [f"--{kind}={folder / kind}" for kind in ("socket", "key-file", "log-file", "pid-file", "seed-file")]
    made.start("munged", "munged", "--foreground", "--force", *files)
    until((folder / "socket").exists, "munged is not there")
    made.start("slurmctld", "slurmctld", "-D")
    for name in NODES:
        made.start(name, "slurmd", "-D", "-N", name)
    try:
        until(lambda: made.told("sinfo", "-h", "-o", "%D %t").strip() == "2 idle", "the nodes are not there")
        yield made
    finally:
        for daemon in reversed(made.daemons.values()):
            if daemon.poll() is None:
                daemon.terminate()
                daemon.wait(30)


def test_a_node_that_dies_leaves_the_results_as_one_process_makes_them(cluster: Cluster, tmp_path: Path) -> None:
    struck, plain = tmp_path / "struck", tmp_path / "plain"
    asked = [*GALLERIA, *SWEEP, *SLURM, f"run.output={struck}"]
    sweep = subprocess.Popen(asked, env=cluster.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    done = struck / ".work" / "runs"
    until(
        lambda: done.exists() and any(done.iterdir()) and "two" in cluster.told("squeue", "-h", "-t", "R", "-o", "%N"),
        "no run ended while a job was on the second node",
    )
    cluster.kill("two")
    until(lambda: not cluster.told("squeue", "-h").strip(), "jobs are left")
    sweep.send_signal(signal.SIGINT)
    _, words = sweep.communicate(timeout=60)
    assert sweep.returncode == 1, words
    assert f"of {RUNS} runs are not done. It was interrupted." in words
    assert "sacct" not in words
    cluster.start("two", "slurmd", "-D", "-N", "two")
    subprocess.run(asked, env=cluster.env, check=True, capture_output=True)
    subprocess.run([*GALLERIA, *SWEEP, f"run.output={plain}"], check=True, capture_output=True)
    assert digests(struck) == digests(plain)
    assert not (struck / ".work").exists()
