"""Going back: by instructions, and to who wrote something (relay.py)."""

import gdb

import cpu
import listing
import places


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
    places.show()
    listing.show_next()
    print(relay("now"))


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
    to write there, the last time before now. Linear addresses.
    """

    def __init__(self):
        super().__init__("when-written", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        words = gdb.string_to_argv(argument)
        if not words:
            raise gdb.GdbError("when-written ADDRESS [BYTES]")
        size = cpu.number(words[1]) if len(words) > 1 else 1
        relay("now")
        relay(f"written {cpu.number(words[0]):x} {size:x}")
        go_back()


for command in (Back, WhenWritten):
    command()
