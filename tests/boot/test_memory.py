"""Mistakes with memory: what the plain kernel says of each, and what the
sanitized one (make SANITIZE=1); and the monitor's commands about memory."""

import re

import pytest

from booting import FAILURE, SUCCESS, boot, check_trace, panic_page, run
from harness.recipe import BUILD
from monitor_session import Serial

SANITIZED = BUILD / "sanitize/kernel.elf"
if not SANITIZED.exists():
    SANITIZED = BUILD / "kernel.elf"
PLAIN = BUILD / "kernel.elf"

FILE = r"kernel/fault/fault_heap\.c:\d+"
UNSEEN = "nothing noticed it; a kernel of make SANITIZE=1 would"


def by(function):
    return rf"{function}\(\) at {FILE}"


def released_twice(kind):
    function = kind.replace("-", "_")
    return (rf"0x\w+ was to be released by {by(function)}, but was released "
            rf"already: 100 bytes at 0x\w+, allocated by {by(function)}, "
            rf"released by {by(function)}")


INSIDE = (rf"0x\w+ was to be released by {by('heap_inside')}, but is not the "
          rf"first byte of a block: in 100 bytes at 0x\w+, allocated by "
          rf"{by('heap_inside')}")
RANGE = (rf"8192 bytes at 0x\w+, allocated by {by('range_overflow')}")
RANGE_FREED = (rf"in 8192 bytes at 0x\w+, allocated by "
               rf"{by('range_use_after_free')}, released by "
               rf"{by('range_use_after_free')}")
ABSENT = "#PF page fault: {} a not-present page at 0x\\w+, "

# kind -> what the plain kernel says, and the sanitized one; None: nothing
KINDS = {
    "heap-overflow": (None, r"write of 1 byte at 0x\w+: 3 bytes behind 100 "
                      rf"bytes at 0x\w+, allocated by {by('heap_overflow')}"),
    "heap-use-after-free": (
        None, r"read of 1 byte at 0x\w+: in 100 bytes at 0x\w+, allocated by "
        rf"{by('heap_use_after_free')}, released by "
        rf"{by('heap_use_after_free')}"),
    "heap-double-free": (released_twice("heap-double-free"),) * 2,
    "heap-inside": (INSIDE,) * 2,
    "range-overflow": (
        ABSENT.format("write to") + "3 bytes behind " + RANGE,
        r"write of 1 byte at 0x\w+: 3 bytes behind " + RANGE),
    "range-use-after-free": (ABSENT.format("read from") + RANGE_FREED,) * 2,
    "stack-out-of-bounds": (
        r"stack smashed: the function that contains 0x\w+ wrote past the end "
        "of an array",
        r"write of 1 byte at 0x\w+: 0 bytes behind array(:\d+)?, 16 bytes on "
        r"the stack of stack_out_of_bounds\(\)"),
    "global-out-of-bounds": (
        None, r"write of 1 byte at 0x\w+: 0 bytes behind the variable global, "
        r"10 bytes, of kernel/fault/fault_heap\.c"),
}


@pytest.mark.parametrize("sanitized", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_mistake(kind, sanitized, tmp_path):
    words = KINDS[kind][sanitized]
    if not sanitized and SANITIZED == PLAIN:
        pytest.skip("the whole build is sanitized")
    status, serial, _ = run(tmp_path, f"exit panic={kind}",
                            kernel=SANITIZED if sanitized else PLAIN)
    if words is None:
        assert f"panic={kind}: {UNSEEN}\n" in serial
        assert status == SUCCESS
        return
    assert status == FAILURE
    page = panic_page(serial)
    head, told = page.split("\n")[:2]
    assert re.fullmatch(words, told), told
    assert re.match(r"KERNEL PANIC in \w+\(\) at kernel/\w+/\w+\.c:\d+$", head)
    functions = [row[0] for row in check_trace(page)]
    assert any(name.startswith(kind.replace("-", "_"))
               for name in functions), functions


def test_written_and_executed(tmp_path):
    """The page is named, and then it is a panic."""
    status, serial, _ = run(tmp_path, "exit panic=wx")
    assert re.search(r"^# the page at 0x\w+ can be written and executed "
                     r"\(physical 0x\w+\)$", serial, re.MULTILINE)
    assert "pages can be written and executed: see the lines above" in \
        panic_page(serial)
    assert status == FAILURE


# ---- The monitor ------------------------------------------------------------

@pytest.fixture(scope="module", name="monitor")
def fixture_monitor(tmp_path_factory):
    with boot(tmp_path_factory.mktemp("memory"), "") as qemu:
        yield Serial(qemu)


def test_frames(monitor):
    rows = monitor.ask("frames")
    assert rows[-1].endswith("can still be taken")
    assert any(row.endswith("page tables") for row in rows)
    cr3 = next(row.split()[1] for row in monitor.ask("regs")
               if row.lower().startswith("cr3"))
    assert monitor.answers(f"frames 0x{cr3.removeprefix('0x')}",
                           "^0x[0-9a-f]+: page tables$")
    assert monitor.ask("frames 0x100000") == \
        ["0x100000 lies in no usable range of the map"]


def test_heap_and_leaks(monitor):
    monitor.ask("leaks")
    assert monitor.ask("leaks") == ["nothing new"]
    assert monitor.answers("heap", "^Small blocks: [0-9]+ bytes in use, in "
                           "[0-9]+ KiB.$")
    assert monitor.ask("heap 8") == ["0x8 was never part of a block"]


def test_ranges_and_wx(monitor):
    assert monitor.answers("ranges", "^[0-9]+ ranges of [0-9]+ pages$")
    assert monitor.ask("wx") == ["none"]
