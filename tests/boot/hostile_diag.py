"""The hostile BIOS's rows again, with the diagnostics before them.

They must come and go in spite of each quirk, find what stage 2 finds, and
leave all as it was. A row that does not come as far as that, or whose disk
would now fail elsewhere, has no place here.
"""

import dataclasses
import re

import hostile_errors
import hostile_rows
from harness.diagnostics import Visit
from hostile import HostileRow
from hostile_maps import OURS, REACH, clean_map, merge

# What counts reads or sectors would be used up sooner.
COUNTED = {"disk_dead_after", "disk_short_from", "disk_fail_first"}
# Where keys would be pressed, and a key that answers another question.
KEYS = {"KEY_GHOST", "KEY_STALE"}
# Nothing is seen of the pages there.
BLIND = {"VIDEO_DEAD", "VIDEO_STUCK"}
# In `make test`, for what diag/ once did by itself; how their names end. Of
# everything at once there is a row of diag_rows.py.
IN_TEST = ("a key is told of that nobody pressed (HW-51)", "A20: by the BIOS",
           "A20: no port 92h", "map: 300 entries", "map: only what changes",
           "map: only 88h", "COM1 never sends in stage 2",
           "video: page 3 is shown", "map: nobody tells in a storm")
A20_WORDS = {"open when stage 2 began": "was open",
             "INT 15h AX=2401h": "opened by the BIOS",
             "port 92h": "opened by port 92h",
             "the keyboard controller": "opened by the keyboard controller"}


def mapped(text):
    """What the page of the clean map calls RAM, as clean_map() has it: the
    kernel leaves out what its CPU cannot reach."""
    lines = re.findall(r"^ *\d+  ([0-9A-F]{16})  ([0-9A-F]{16}) +\d+ \w+ +"
                       r"(.+?) *$", text.partition("as the kernel gets")[2],
                       re.MULTILINE)
    return merge((int(first, 16), min(int(last, 16) + 1, REACH))
                 for first, last, kind in lines
                 if kind in OURS and int(first, 16) < REACH)


class DiagRow(HostileRow):
    """A HostileRow whose pages must agree with the boot report."""

    def check(self, run):
        problems = super().check(run)
        if "firstlight: ready" not in run.serial:
            return problems
        if self.visit.hears == "serial":
            if mapped(run.serial) != clean_map(run.serial):
                problems.append("the pages' clean map is another")
            told = re.search(r"^A20 +(?:closed, then opened by )?(.+?) *$",
                             run.serial, re.MULTILINE)[1]
            if f"A20 {A20_WORDS[told]}" not in run.serial:
                problems.append(f"the pages say A20 {told}")
        return problems


def values(row):
    return {part for _, value in row.switches
            for part in str(value).split("+")}


def can(row):
    """Does the row come as far as the diagnostics, and they behind it?"""
    return (not any("Boot error" in pattern for pattern in row.says) and
            row.disk.kernel != "test/kernels/protocol.elf" and
            row.machine.emulator == "qemu" and row.visit is None and
            not COUNTED & {name for name, _ in row.switches} and
            not KEYS & values(row) and row.status in (None, 33))


def visit(row):
    com1 = dict(row.switches).get("com1_mode", "COM1_OWN")
    lost = com1 != "COM1_OWN"
    return Visit((), keys="keyboard" if lost else "serial",
                 hears="debugcon" if lost else "serial",
                 serial=com1 != "COM1_ABSENT", looks=not BLIND & values(row))


def with_diag(row):
    disk = dataclasses.replace(row.disk,
                               cmdline=f"{row.disk.cmdline} diag".strip())
    fields = {field.name: getattr(row, field.name)
              for field in dataclasses.fields(row)}
    fields |= {"name": row.name.replace("hostile: ", "hostile, diag: "),
               "disk": disk, "visit": visit(row),
               "full": not row.name.endswith(IN_TEST)}
    return DiagRow(**fields)


TABLE = [with_diag(row) for row in hostile_rows.TABLE + hostile_errors.TABLE
         if can(row)]
