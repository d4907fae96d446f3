"""Explore the kernel with two interruptions in each schedule.

    python3 tests/boot/explore.py [NAME...]

boots it for each scenario of that name, or for all, and says what was seen;
exit status 1: something was found. Tests use its functions to read what a
kernel printed.

    python3 tests/boot/explore.py --once explore=NAME[:SCHEDULE]

boots it once, with these words on its command line; "run=NAME exit" is another
line that ends in an exit status.
"""

import re
import sys

from booting import SUCCESS, boot, kernel_text, panic_page
from harness.guard import folder
from harness.words import ROOT

# A scenario of many instructions takes minutes; a schedule that does not end
# is noticed by the kernel.
LONGEST = 3600


def scenarios():
    source = "".join((ROOT / f"kernel/explore/{name}.c").read_text()
                     for name in ("scenarios", "killed"))
    return re.findall(r'^\t\{ "([\w-]+)", "[cti]+"', source, re.MULTILINE)


def rows(serial):
    """{"lock:c": (boundaries, schedules)}"""
    return {found[1]: (int(found[2]), int(found[3])) for found in re.finditer(
        r"^([\w-]+:[cti])  (\d+) boundaries, (\d+) schedules$", serial,
        re.MULTILINE)}


def summary(serial):
    """The last line, or None."""
    found = re.search(r"^explore: \d+ schedules of \d+ instructions, "
                      r"interrupted at \d+ addresses: 0 findings$", serial,
                      re.MULTILINE)
    return found and found[0]


class Finding:
    """What a panic page says of it."""

    def __init__(self, page):
        self.what = page.split("\n")[1]
        found = re.search(r"^explore=(\S+) \((instruction \d+, path \w+)\)$",
                          page, re.MULTILINE)
        self.schedule, self.path = found[1], found[2]

    def __eq__(self, other):
        return vars(self) == vars(other)


# Programs, and a CPU that keeps the kernel from their memory.
MACHINE = {"modules": ("programs.tar",), "cpu": "max"}
# Each run of a program is the same. An explored kernel's is anyway, and slower
# by this.
SAME = {"extra": ("-icount", "shift=0")}


def explore(directory, words):
    """(is all well?, what to say)"""
    same = {} if words.startswith("explore=") else SAME
    with boot(directory, words, **MACHINE, **same) as qemu:
        status = qemu.wait_end(LONGEST)
        serial = qemu.serial.text
    if "KERNEL PANIC" in serial:
        return False, panic_page(serial)
    text = kernel_text(serial)
    first = re.search(r"^(  1 of |[\w-]+:[cti]  |explore=|firstlight: ready)",
                      text, re.MULTILINE)
    return status == SUCCESS, text[first.start():].rstrip()


def main():
    if sys.argv[1:2] == ["--once"]:
        todo = [" ".join(sys.argv[2:])]
    else:
        names = [name for name in sys.argv[1:] if name]
        for name in names:
            if name not in scenarios():
                print(f"no scenario is called {name}; there are "
                      f"{', '.join(scenarios())}", file=sys.stderr)
                return 2
        todo = [f"explore={name} preemptions=2"
                for name in names or scenarios()]
    good = True
    for words in todo:
        with folder() as directory:
            well, told = explore(directory, words)
        print(told, flush=True)
        good = good and well
    sys.exit(not good)


if __name__ == "__main__":
    main()
