"""Threads that meet at every instruction: explore on the command line."""

import re

import pytest

import explore
from booting import FAILURE, SUCCESS, panic_page, run
from harness.words import ROOT

@pytest.mark.parametrize("name", explore.scenarios())
def test_every_instruction(name, tmp_path):
    """With two CPUs each boundary is a schedule of its own. With one CPU those
    with interrupts off are one with the next."""
    status, serial, _ = run(tmp_path, f"explore={name}", **explore.MACHINE)
    rows = explore.rows(serial)
    assert rows and all(row.startswith(f"{name}:") for row in rows)
    for row, (boundaries, schedules) in rows.items():
        # Of a program's call it is one in 37, or in 101.
        assert 10 < schedules <= boundaries
        assert (schedules == boundaries or not row.endswith(":c") or
                name.startswith("call-"))
    assert explore.summary(serial)
    assert status == SUCCESS


def test_what_is_explored():
    assert set(explore.scenarios()) >= {
        "lock", "mutex", "semaphore", "condition", "yield", "join", "kmalloc",
        "heap", "kprintf", "shootdown"}
    names = re.findall(r"^#define CALL_(\w+)\t\d+\t/",
                       (ROOT / "lib/calls.h").read_text(), re.MULTILINE)
    assert set(explore.scenarios()) >= {f"call-{name.lower()}"
                                        for name in names}


def test_two_interruptions(tmp_path):
    status, serial, _ = run(tmp_path, "explore=lock preemptions=2")
    boundaries, schedules = explore.rows(serial)["lock:c"]
    assert schedules > boundaries ** 2
    assert status == SUCCESS


@pytest.mark.parametrize("machine", [
    {"board": "q35", "cpu": "max"}, {"cpu": "qemu64,-apic"},
    {"extra": ("-smp", "2")}], ids=["q35", "no APIC", "two processors"])
def test_any_machine_takes_the_same_path(machine, tmp_path):
    """Neither devices nor other processors have a part in it."""
    paths = set()
    for other in ({}, machine):
        status, serial, _ = run(tmp_path, "explore=semaphore:c40,7", **other)
        paths.add(re.search(r"^explore=semaphore:c40,7: nothing is wrong, "
                            r"path ([0-9a-f]{16})$", serial, re.MULTILINE)[1])
        # What one schedule has seen is not all that there is.
        assert not explore.summary(serial)
        assert status == SUCCESS
    assert len(paths) == 1


def test_cooperative(tmp_path):
    """A tick preempts nobody then, and all is well."""
    status, serial, _ = run(tmp_path, "explore=mutex sched=cooperative")
    assert explore.summary(serial)
    assert status == SUCCESS


WRONG = {"wrong-count": "two have added 1 to 0, and it is not 2",
         "wrong-wait": "a thread waits, and nobody will wake it",
         "wrong-order": "it never ends"}


@pytest.mark.parametrize("name", WRONG)
def test_mistakes_are_found_and_replayed(name, tmp_path):
    status, serial, _ = run(tmp_path, f"explore={name}")
    page = panic_page(serial)
    found = explore.Finding(page)
    assert found.what == WRONG[name]
    assert found.schedule.startswith(f"{name}:")
    assert re.search(r"^after \d+ instructions, in \w+\(\) at kernel/"
                     r"\S+:\d+$", page, re.MULTILINE)
    assert status == FAILURE
    for _ in range(3):
        status, serial, _ = run(tmp_path, f"explore={found.schedule}")
        assert explore.Finding(panic_page(serial)) == found
        assert status == FAILURE


def test_who_waits_is_shown(tmp_path):
    _, serial, _ = run(tmp_path, "explore=wrong-wait:c3")
    page = panic_page(serial)
    assert "\nthread a: waiting for a letter\nthread b: is over\n" in page
    for cpu in (1, 2):
        assert f"\nCPU {cpu}: stopped in idle() at kernel/" in page


@pytest.mark.parametrize("text", ["lock:x3", "lock:", "lock:c1,", "lock:c1;2",
                                  "lock:c99999999", "lock:c1,2,3,4,5",
                                  "mutex:i1", "nobody", "nobody:c1", ""])
def test_what_is_no_schedule(text, tmp_path):
    status, serial, _ = run(tmp_path, f"explore={text}")
    assert f"explore={text}: neither a name nor a schedule" in serial
    assert "\n  wrong-order:c\n" in serial
    assert status == FAILURE
