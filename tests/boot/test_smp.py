"""Several processors: all are started, run threads, and stop for a panic."""

import re

import pytest

from booting import FAILURE, SUCCESS, boot, panic_page, run
from harness.debugger import Debugger
from monitor_session import Serial

FOUR = {"extra": ("-smp", "4")}
FREE, JUMP_TO_ITSELF = 0x80000, b"\xeb\xfe"


@pytest.mark.parametrize("board", ["pc", "q35"])
def test_all_are_started(board, tmp_path):
    with boot(tmp_path, "", board=board, **FOUR) as qemu:
        monitor = Serial(qemu)
        assert re.search(r"^irqs .*; 4 of 4 CPUs run$", qemu.serial.text,
                         re.MULTILINE)
        rows = monitor.ask("cpus")[1:]
        assert [row.split()[0] for row in rows] == ["0", "1", "2", "3"]
        assert len({row.split()[1] for row in rows}) == 4
        names = [row.split()[1] for row in monitor.ask("threads")[1:]]
        assert names.count("idle") == 4


def test_late_processor(tmp_path):
    """The first to be started comes last: all have a number and a stack of their
    own nevertheless."""
    with boot(tmp_path, "", extra=("-S", "-smp", "4")) as qemu:
        with Debugger(qemu) as debugger:
            debugger.run_to("ap_enter")
            debugger.set_memory(FREE, JUMP_TO_ITSELF)
            debugger.set_register("rip", FREE)
            debugger.run_to("input_start")
            debugger.choose_cpu(1)
            assert debugger.register("rip") == FREE
            debugger.set_register("rip", debugger.address("ap_enter"))
        monitor = Serial(qemu)
        assert re.search(r"^irqs .*; 3 of 4 CPUs run, 1 could not be started$",
                         qemu.serial.text, re.MULTILINE)
        rows = monitor.ask("cpus")[1:]
        assert [row.split()[:2] for row in rows] == \
            [["0", "0"], ["1", "2"], ["2", "3"], ["3", "1"]]
        assert "TSC" not in "".join(rows)
        names = [row.split()[1] for row in monitor.ask("threads")[1:]]
        assert names.count("idle") == 4


def test_one_is_enough(tmp_path):
    """smp=off, or a machine with one."""
    with boot(tmp_path, "smp=off", **FOUR) as qemu:
        monitor = Serial(qemu)
        assert len(monitor.ask("cpus")) == 2
        assert "; 1 of 4 CPUs run\n" in qemu.serial.text
    status, serial, _ = run(tmp_path, "exit")
    assert "CPUs run" not in serial
    assert status == SUCCESS


def test_too_many(tmp_path):
    """More than the kernel has places for; none of them need be started."""
    with boot(tmp_path, "smp=off", extra=("-smp", "66")) as qemu:
        monitor = Serial(qemu)
        assert "; 1 of 66 CPUs run, 2 are too many\n" in qemu.serial.text
        assert monitor.ask("cpus")[2:] == [
            "2 more are listed than can be used"]


def test_no_local_apic_is_no_harm(tmp_path):
    """Without the APICs there is no way to start others."""
    status, serial, _ = run(tmp_path, "exit irq=pic", **FOUR)
    assert "\nirqs      two 8259 controllers; 1 of 4 CPUs run\n" in serial
    assert status == SUCCESS


def test_panic_stops_all(tmp_path):
    """Each has a row that says where it was."""
    status, serial, _ = run(tmp_path, "exit panic", **FOUR)
    page = panic_page(serial)
    stopped = re.findall(r"^CPU (\d): stopped in (\w+)\(\) at kernel/", page,
                         re.MULTILINE)
    panicked = re.search(r"^thread 0 \(main\) on CPU (\d)$", page,
                         re.MULTILINE)[1]
    assert sorted([cpu for cpu, _ in stopped] + [panicked]) == \
        ["0", "1", "2", "3"]
    assert status == FAILURE
