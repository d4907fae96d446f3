"""Mistakes with locks: what the plain kernel says of each, and what the
sanitized one (make SANITIZE=1)."""

import re

import pytest

from booting import FAILURE, SUCCESS, panic_page, run
from harness.recipe import BUILD

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


HELD = "with a spinlock held: "

# kind -> what the plain kernel says, and the sanitized one; None: nothing
KINDS = {
    "deadlock": (None, order(("right", "right_then_left"),
                             ("left", "right_then_left"),
                             ("left", "left_then_right"),
                             ("right", "left_then_right"))),
    "philosophers": (None, eat("c", "a", "a", "b", "b", "c")),
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
