"""Going back: by instructions, and to who wrote something (relay.py)."""

import re

import gdb

import cpu
import listing


def relay(command):
    """Something for relay.py; what it says."""
    try:
        said = cpu.monitor(f"firstlight {command}").strip()
    except gdb.error:
        said = "unknown"
    if said.startswith("No way back"):
        raise gdb.GdbError(said)
    if "unknown" in said:  # it is QEMU that answers
        raise gdb.GdbError("this machine cannot go back: one that debug.sh"
                           " starts can")
    return said


def go_back():
    """What relay.py was told to do; gdb is told as of a step."""
    gdb.execute("reverse-stepi", to_string=True)
    gdb.execute("mode")
    listing.show_next()
    said = relay("now")
    print(said)
    return said


def elsewhere(address):
    """Where the page tables have it, if at another address; else None."""
    told = re.search(r" is at (\w+),",
                     gdb.execute(f"pt {address:#x}", to_string=True))
    found = int(told[1], 16) if told else address
    return None if found == address else found


class Back(gdb.Command):
    """back [N] - go back N instructions (1), to whatever was then.

    From there c, s, si and so on go forward again, through the same that
    was; from where you went back first, on. Breakpoints stop reverse-continue
    as well."""

    def __init__(self):
        super().__init__("back", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        count = cpu.number(argument or "1")
        relay("now")
        relay(f"back {count}")
        go_back()


class WhenWritten(gdb.Command):
    """when-written ADDRESS [BYTES] - go back to the instruction that is about
    to write there, the last time before now.

    ADDRESS is linear, as the instruction has it: the same byte, written at
    another address before paging was on, is another one. pt ADDRESS says
    which."""

    def __init__(self):
        super().__init__("when-written", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        words = gdb.string_to_argv(argument)
        if not words:
            raise gdb.GdbError("when-written ADDRESS [BYTES]")
        size = cpu.number(words[1]) if len(words) > 1 else 1
        relay("now")
        address = cpu.number(words[0])
        other = elsewhere(address)
        relay(f"written {address:x} {size:x}")
        said = go_back()
        if said.startswith("Nobody") and other is not None:
            print(f"Not at {address:#x}, that is: physical memory there is at"
                  f" {other:#x}, so ask\nwhen-written {other:#x}, too.")


for command in (Back, WhenWritten):
    command()
