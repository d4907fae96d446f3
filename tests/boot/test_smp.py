"""Several processors: all are started, run threads, and stop for a panic."""

import re

import pytest

from booting import FAILURE, SUCCESS, boot, panic_page, run
from harness.debugger import Debugger
from harness.words import defines
from monitor_session import Serial

FOUR = {"extra": ("-smp", "4")}
FREE, JUMP_TO_ITSELF, UD2 = 0x80000, b"\xeb\xfe", b"\x0f\x0b"
AP_PAGE = defines("layout.h")["AP_PAGE_ADDR"]


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


def ticks(monitor):
    return [int(row.split()[3]) for row in monitor.ask("cpus")[1:]]


def test_idle_processors_do_not_tick(tmp_path):
    """CPU 0 keeps the time for all. One that is idle has no ticks, but may be
    sent for by what is typed here and by the alarm."""
    with boot(tmp_path, "", **FOUR) as qemu:
        monitor = Serial(qemu)
        before = ticks(monitor)
        monitor.ask("alarm 5")
        start = len(qemu.serial.text)
        qemu.wait(lambda: re.search(r"alarm: it is .*\n> \Z",
                                    qemu.serial.text[start:]))
        first, *others = (now - then for then, now
                          in zip(before, ticks(monitor)))
        assert first > 250, first
        assert sum(others) <= 20, others


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


# The way of a processor that is started, in steps, from the first one in the
# kernel on.
STEPS = ["ap_enter", "ap_main", "cpu_start", "irq_start_cpu", "timer_start_cpu"]

# Pages leave all TLBs: who is lost must not be waited for.
WORKS = "test=pages"


def run_to_step(debugger, step):
    """The first processor that is started, to there."""
    debugger.run_to("ap_enter")
    if step != "ap_enter":
        debugger.run_to(step)


def make_deaf(debugger):
    """It goes to where the kernel never comes, behind a call without return."""
    place = debugger.address("ap_enter") + debugger.memory("ap_enter",
                                                           64).index(UD2)
    debugger.set_memory(place, JUMP_TO_ITSELF)
    debugger.set_register("rip", place)


def ends_well(qemu, cpus):
    """The tests of WORKS have passed, and the report had this of the CPUs."""
    assert qemu.wait_end() == SUCCESS
    assert re.search(rf"^irqs .*; {cpus}$", qemu.serial.text, re.MULTILINE)
    assert re.search(r"^# \d+ passed, 0 failed$", qemu.serial.text,
                     re.MULTILINE)


@pytest.mark.parametrize("step", STEPS)
def test_deaf_processor(step, tmp_path):
    """One that goes no further than this is missed, and that is all."""
    with boot(tmp_path, WORKS, extra=("-S", "-smp", "4")) as qemu:
        with Debugger(qemu) as debugger:
            run_to_step(debugger, step)
            make_deaf(debugger)
        ends_well(qemu, "3 of 4 CPUs run, 1 could not be started")


def stop_in_page(debugger):
    """All that are started stay at the page's first instruction, in real mode."""
    debugger.run_to("ipi_start")
    debugger.run_to("clock_wait_us")
    kept = debugger.memory(AP_PAGE, len(JUMP_TO_ITSELF))
    debugger.set_memory(AP_PAGE, JUMP_TO_ITSELF)
    return kept


def test_all_are_deaf(tmp_path):
    with boot(tmp_path, WORKS, extra=("-S", "-smp", "4")) as qemu:
        with Debugger(qemu) as debugger:
            stop_in_page(debugger)
        ends_well(qemu, "1 of 4 CPUs run, 3 could not be started")


def test_late_in_the_page(tmp_path):
    with boot(tmp_path, "", extra=("-S", "-smp", "4")) as qemu:
        with Debugger(qemu) as debugger:
            kept = stop_in_page(debugger)
            debugger.run_to("threads_prepare_cpu")
            debugger.set_memory(AP_PAGE, kept)
        assert len(Serial(qemu).ask("cpus")[1:]) == 4


@pytest.mark.parametrize("step", ["ap_enter", "irq_start_cpu"])
def test_deaf_processor_and_a_panic(step, tmp_path):
    """No NMI is sent to one that has no IDT yet: the page is written."""
    with boot(tmp_path, "exit panic", extra=("-S", "-smp", "4")) as qemu:
        with Debugger(qemu) as debugger:
            run_to_step(debugger, step)
            make_deaf(debugger)
        assert qemu.wait_end() == FAILURE
        assert "3 of 4 CPUs run, 1 could not" in qemu.serial.text
        page = panic_page(qemu.serial.text)
        assert "the command line asked for a panic" in page
        stopped = re.findall(r"^CPU \d: stopped in", page, re.MULTILINE)
        assert len(stopped) == (2 if step == "ap_enter" else 3)


@pytest.mark.parametrize("step", STEPS)
def test_late_at_each_step(step, tmp_path):
    """One that goes on when nobody waits for it any more runs nevertheless."""
    with boot(tmp_path, "", extra=("-S", "-smp", "4")) as qemu:
        with Debugger(qemu) as debugger:
            run_to_step(debugger, step)
            place = debugger.register("rip")
            kept = debugger.memory(place, len(JUMP_TO_ITSELF))
            debugger.set_memory(place, JUMP_TO_ITSELF)
            # The next one is to be started.
            debugger.run_to("threads_prepare_cpu")
            debugger.set_memory(place, kept)
        monitor = Serial(qemu)
        rows = monitor.ask("cpus")[1:]
        assert [row.split()[0] for row in rows] == ["0", "1", "2", "3"]
        assert len({row.split()[1] for row in rows}) == 4


@pytest.mark.parametrize("step", [*STEPS[1:], "threads_run_cpu"])
def test_one_begins_twice(step, tmp_path):
    """From this step back to the kernel's first instruction: it is stopped, that
    is said, and the others are started."""
    with boot(tmp_path, WORKS, extra=("-S", "-smp", "4")) as qemu:
        with Debugger(qemu) as debugger:
            run_to_step(debugger, step)
            debugger.set_register("rip", debugger.address("ap_enter"))
        ends_well(qemu, "3 of 4 CPUs run, 1 could not be started, "
                        "one began once more")


def test_cpus_says_that_one_began_twice(tmp_path):
    with boot(tmp_path, "", extra=("-S", "-smp", "2")) as qemu:
        with Debugger(qemu) as debugger:
            run_to_step(debugger, "ap_main")
            debugger.set_register("rip", debugger.address("ap_enter"))
        answer = Serial(qemu).ask("cpus")
        assert "one began once more and was stopped: 1 times" in answer, answer


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
