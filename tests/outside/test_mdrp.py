"""The dispatcher on public meal-delivery instances: all rules kept, below no bound, better than a simple greedy.

A handful of instances is run here; `galleria bench mdrp DIR --greedy` runs all. Skipped where the data are not at hand.
"""

import tarfile
from functools import lru_cache
from pathlib import Path

import pytest

from galleria.experiments.commands.bench import settings_of
from galleria.experiments.mdrp import (
    Delivered,
    find_instances,
    read_bounds,
    run_greedy,
    run_instance,
    score,
    write_solution,
)
from galleria.experiments.mdrp.undelivered import REASONS, reasons
from tests.city_worlds import DATA as OUTSIDE
from tests.outside.mdrp_checker import Checked

DATA = OUTSIDE / "mdrplib"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the meal-delivery instances are not at hand")

SCARCE = ("1o100t100s1p100", "1r50t100s1p125")
ENOUGH = ("0o100t100s1p100", "2o50t75s2p125", "4r50t75s2p100", "3o50t100s2p125")


@lru_cache
def solved(name: str) -> Delivered:
    return run_instance(dict(find_instances(DATA))[name](), settings_of([], None))


@lru_cache
def greedy(name: str) -> Delivered:
    return run_greedy(dict(find_instances(DATA))[name]())


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mdrp")
    for archive in DATA.glob("*.tar.gz"):
        with tarfile.open(archive) as opened:
            opened.extractall(folder, [m for m in opened if m.name.split("/")[-2] in ENOUGH + SCARCE], filter="data")
    return folder


@pytest.mark.parametrize("name", ENOUGH + SCARCE)
def test_all_rules_are_kept(name: str, files: Path, tmp_path: Path) -> None:
    row = score(solved(name), read_bounds(DATA))
    write_solution(solved(name), tmp_path)
    checked = Checked(next(files.rglob(f"{name}/orders.txt")).parent, tmp_path)
    assert checked.broken == []
    assert checked.delivered == row["delivered"]
    assert checked.click_to_door == pytest.approx(row["ctd_mean"])
    assert checked.pay == pytest.approx(row["pay"])


@pytest.mark.parametrize("name", ENOUGH[:1])
def test_the_greedy_keeps_them_too(name: str, files: Path, tmp_path: Path) -> None:
    write_solution(greedy(name), tmp_path)
    assert Checked(next(files.rglob(f"{name}/orders.txt")).parent, tmp_path).broken == []


def test_the_checker_sees_what_is_wrong(files: Path, tmp_path: Path) -> None:
    """A referee that never whistles would prove nothing."""
    name = ENOUGH[0]
    write_solution(solved(name), tmp_path)
    path = tmp_path / "solution_info_assignments.txt"
    lines = path.read_text().splitlines()
    assigned, pickup, courier, *orders = lines[1].split()
    spoilt = [f"{assigned} {float(pickup) - 1:g} {courier} {' '.join(orders)}", lines[2], *lines[2:]]
    path.write_text("\n".join([lines[0], *spoilt]) + "\n")
    broken = " ".join(Checked(next(files.rglob(f"{name}/orders.txt")).parent, tmp_path).broken)
    assert "two bundles" in broken
    assert "is not at" in broken or "before it is ready" in broken


@pytest.mark.parametrize("name", ENOUGH)
def test_where_a_greedy_serves_all_so_do_we_and_no_slower(name: str) -> None:
    ours, theirs = score(solved(name), None), score(greedy(name), None)
    assert theirs["delivered"] == theirs["orders"] == ours["delivered"]
    assert float(ours["ctd_mean"] or 0) <= float(theirs["ctd_mean"] or 0)


@pytest.mark.parametrize("name", SCARCE)
def test_where_couriers_are_scarce_far_more_is_delivered(name: str) -> None:
    ours, theirs = score(solved(name), None), score(greedy(name), None)
    assert int(ours["delivered"] or 0) >= 0.98 * int(ours["orders"] or 0)
    assert int(theirs["delivered"] or 0) <= 0.93 * int(theirs["orders"] or 0)


def test_the_same_instance_gives_the_same_trips() -> None:
    instance = dict(find_instances(DATA))[SCARCE[1]]()
    assert run_instance(instance, settings_of([], None)).trips == solved(SCARCE[1]).trips


@pytest.mark.parametrize("name", [SCARCE[1], "2r50t100s1p100"])
def test_every_order_left_has_one_reason(name: str) -> None:
    row = score(solved(name), None)
    left = int(row["orders"] or 0) - int(row["delivered"] or 0)
    assert left > 0
    assert sum(int(row[f"undelivered_{reason}"] or 0) for reason in REASONS) == left


def test_orders_packed_after_the_last_shift_are_told_from_others() -> None:
    """In this instance two orders are packed after minute 1050, when the last couriers go home."""
    row = score(solved("2r50t100s1p100"), None)
    assert (row["undelivered_after_last_shift"], row["undelivered_no_courier_free"]) == (2, 0)


def test_a_trip_that_is_struck_out_leaves_room_for_its_orders() -> None:
    """Whoever did the last trip could have done it: its orders were left in spite of room."""
    done = solved(ENOUGH[0])
    last = max(range(len(done.trips)), key=lambda k: done.trips[k].leaves_min)
    without = Delivered(done.instance, done.trips[:last] + done.trips[last + 1 :])
    assert reasons(without) == dict.fromkeys(sorted(done.trips[last].orders), "in_spite_of_room")
