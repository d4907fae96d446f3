"""Mistakes with locks: what the plain kernel says of each, and what the
sanitized one (make SANITIZE=1)."""

import re

import pytest

from booting import FAILURE, SUCCESS, boot, panic_page, run
from harness.debugger import Debugger
from harness.recipe import BUILD
from monitor_session import Serial

SANITIZED = BUILD / "sanitize/kernel.elf"
if not SANITIZED.exists():
    SANITIZED = BUILD / "kernel.elf"
PLAIN = BUILD / "kernel.elf"

UNSEEN = "nothing noticed it; a kernel of make SANITIZE=1 would"


def at(lock, function):
    """A lock, and where it was taken."""
    return rf"'{lock}' in {function}\(\) at kernel/fault/fault_lock\.c:\d+"


def order(*steps):
    """Two locks now, and the other way round before."""
    pairs = [f"{at(*one)}, then {at(*other)}"
             for one, other in zip(steps[::2], steps[1::2])]
    return "locks in two orders: " + "; before: ".join(pairs)


def eat(*forks):
    return order(*((f"fork {fork}", "(eat|lock_philosophers)")
                   for fork in forks))


def meals():
    """Either of the two comes second."""
    return "|".join(
        order((one, "begin_meal"), (other, "begin_meal"),
              (other, "begin_meal"), (one, "begin_meal"))
        for one, other in (("spoon", "bowl"), ("bowl", "spoon")))


HELD = "with a spinlock held: "

# kind -> what the plain kernel says, and the sanitized one; None: nothing
KINDS = {
    "deadlock": (None, order(("right", "right_then_left"),
                             ("left", "right_then_left"),
                             ("left", "left_then_right"),
                             ("right", "left_then_right"))),
    "philosophers": (None, eat("c", "a", "a", "b", "b", "c")),
    "mutex-deadlock": (None, meals()),
    "lock-sleep": (f"a thread waits for a time {HELD}'left', taken in "
                   r"lock_sleep\(\) at kernel/fault/fault_lock\.c:\d+",
                   f"a thread may wait for a time {HELD}"
                   f"{at('left', 'lock_sleep')}"),
    "lock-mutex": (None, f"a thread may wait for fork a {HELD}"
                   f"{at('left', 'lock_mutex')}"),
    "lock-thread": (f"a thread ends {HELD}'left', taken in "
                    r"end_with_spinlock\(\) at "
                    r"kernel/fault/fault_lock\.c:\d+",
                    f"a thread ends {HELD}{at('left', 'end_with_spinlock')}"),
    "lock-thread-mutex": (None, "a thread ends with a mutex held: "
                          f"{at('fork b', 'end_with_mutex')}"),
    "lock-handler": (None, "the handler of vector 0x50 returns with a lock "
                     f"held: {at('left', 'handler_forgets')}"),
    # A tick may come just then.
    "lock-open": (None, "(lock held with interrupts on: "
                  f"{at('right', 'lock_open')}; a handler takes "
                  f"{at('right', 'handler_takes')}"
                  r"|interrupt 0x\w+ came with a lock held: "
                  f"{at('right', 'lock_open')})"),
    "lock-open-alone": (None, "(lock held with interrupts on: "
                        f"{at('left', 'lock_open_alone')}; no handler has "
                        r"taken it so far|interrupt 0x\w+ came with a lock "
                        f"held: {at('left', 'lock_open_alone')})"),
    "lock-many": (None, r"more than \d+ locks held at once: raise LOCKS_HELD_MAX"),
    "lock-names": (None, r"more than \d+ classes of locks: raise "
                   "LOCKS_CLASSES_MAX"),
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
    told = panic_page(serial).split("\n")[1]
    assert re.fullmatch(words, told), told


# ---- The monitor's command ---------------------------------------------------

FREE = ["free", "0", "0"]


def rows(answer):
    """{"irq": ["free", "0", "0"]}, and what follows a row: longest holds"""
    cells = [(row[:12].rstrip(), row[13:22].rstrip(), *row[23:].split(None, 2))
             for row in answer if re.match(r"\S.{22} *\d+ +\d+", row)]
    return ({cell[0]: list(cell[1:4]) for cell in cells},
            {cell[0]: cell[4] for cell in cells if len(cell) > 4})


def test_who_has_a_mutex(tmp_path):
    with boot(tmp_path, "", kernel=PLAIN) as qemu:
        monitor = Serial(qemu)
        before, _ = rows(monitor.ask("locks"))
        assert {"console", "scheduler", "heap", "spoon"} <= before.keys()
        assert before["spoon"] == before["bowl"] == before["irq"] == FREE
        assert monitor.answers("fault mutex-deadlock", "nothing noticed it")
        numbers = {row[5:20].rstrip(): row.split()[0]
                   for row in monitor.ask("threads")[1:]}
        after, longest = rows(monitor.ask("locks"))
        assert after["spoon"] == [f"thread {numbers['eats']}", "1", "1"]
        assert after["bowl"] == [f"thread {numbers['eats, too']}", "1", "1"]
        assert bool(longest) == (SANITIZED == PLAIN)


def test_who_has_a_spinlock(tmp_path):
    """One that nobody takes is made to look like the console's while that is
    held."""
    with boot(tmp_path, "", kernel=PLAIN) as qemu:
        monitor = Serial(qemu)
        with Debugger(qemu, PLAIN.name) as debugger:
            debugger.break_at("vga_write")
            debugger.run(lambda: monitor.press("time\r"))
            tickets = (9).to_bytes(4, "little") + (7).to_bytes(4, "little")
            held = debugger.memory("console_lock", 32)[16:]
            address = debugger.address("left")
            debugger.set_memory(address + 8, tickets + held)
            debugger.unbreak("vga_write")
        start = qemu.serial.text.rindex("> ")
        monitor.wait_prompt(start)
        answer = monitor.ask("locks")
        assert rows(answer)[0]["left"] == ["CPU 0", "1", "0"]
        assert any(re.fullmatch(r" {13}taken in \w+\(\) at "
                                r"kernel/console/\w+\.c:\d+", row)
                   for row in answer)


def test_longest_holds(tmp_path):
    with boot(tmp_path, "", kernel=SANITIZED) as qemu:
        _, longest = rows(Serial(qemu).ask("locks"))
    assert {"console", "scheduler", "heap", "frames"} <= longest.keys()
    for where in longest.values():
        assert re.fullmatch(r"\d+ us  kernel/\w+/\w+\.c:\d+", where)
