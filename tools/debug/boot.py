"""Where a boot is, by the milestones of lib/boot/journey.h."""

import os
import re
import textwrap

import gdb

import cpu
import past
import places

JOURNEY = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       "../../lib/boot/journey.h")


def milestones():
    """[(symbol, name, sentence)], in order; none where these tools are alone.
    """
    if not os.path.exists(JOURNEY):
        return []
    with open(JOURNEY, encoding="utf-8") as header:
        found = re.findall(r'^#define JOURNEY_(\w+)_(AT|NAME|TEXT)\s+"(.*)"',
                           header.read(), re.M)
    by_name = {}
    for key, part, text in found:
        by_name.setdefault(key, {})[part] = text
    return [(one["AT"], one["NAME"], one["TEXT"]) for one in by_name.values()]


def now():
    """Instructions since power-on, or None: nobody counts."""
    try:
        return int(re.search(r"instruction (\d+)", past.relay("now"))[1])
    except gdb.GdbError:
        return None


class Milestone(gdb.Breakpoint):
    """Notes when the CPU comes there first; stops nobody."""

    def __init__(self, symbol, name, text):
        super().__init__(f"*{places.label(symbol):#x}", internal=True)
        self.silent = True
        self.symbol, self.name, self.text = symbol, name, text
        self.reached = None  # instructions since power-on, True: not counted

    def stop(self):
        if self.reached is None:
            self.reached = now() or True
        return False


watched = []


def stopped(_event):
    """While the machine runs, gdb loses what is taken from it."""
    for one in watched:
        if one.reached is not None and one.enabled:
            one.enabled = False


def watch():
    """From power-on, once all symbols are known."""
    for symbol, name, text in milestones():
        try:
            watched.append(Milestone(symbol, name, text))
        except gdb.GdbError:
            pass  # another kernel has other symbols


class Boot(gdb.Command):
    """boot - the milestones of this boot: where each begins, when it came, and
    in a sentence what it does. "at NAME" goes on to one, as in at a20_enable.
    """

    def __init__(self):
        super().__init__("boot", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        count = now()
        here = None
        for one in watched:
            came = one.reached is not None and (
                count is None or one.reached is True or one.reached <= count)
            if came:
                here = one
        for one in watched:
            mark = "=>" if one is here else "  "
            when = ("" if one.reached is None else
                    "reached" if one.reached is True else
                    f"{one.reached:,}")
            text = f"{mark} {one.symbol:16} {when:>10}  {one.name}: {one.text}"
            width = gdb.parameter("width") or 0
            print(textwrap.fill(text, max(width, 60) if width else 1000,
                                subsequent_indent=" " * 32,
                                break_on_hyphens=False))
        if count is not None:
            print(f"Now at instruction {count:,} since power-on.")


Boot()
gdb.events.stop.connect(stopped)
