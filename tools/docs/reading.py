"""The sources from LBA 0 to kmain, in reading order, with their lines.

Nothing is listed by hand. The order is found as a reader would: boot sector
first; then, from stage 2's entry, each file that the files so far include, or
whose routines they name, in that order; then the kernel's entry. What was
linked but nothing names comes last. The tables of lib/boot are shared by all
stages and are counted apart.
"""

import os
import re
import subprocess

from tree import ROOT, Wrong, is_file, lines, names


def globals_of(paths):
    """Yields (file, symbol) of all that objects or programs define."""
    command = [os.environ.get("NM") or "nm", "-A", "-g", "--defined-only"]
    try:
        listed = subprocess.run([*command, *paths], capture_output=True,
                                text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise Wrong(f"{error}: run make first") from None
    for line in listed.splitlines():
        path, _, symbol = line.partition(":")
        yield path, symbol.split()[-1]


def source_of(path, folder):
    """The source of an object below `folder`, or None."""
    stem = os.path.splitext(os.path.relpath(path, folder))[0]
    return next((stem + end for end in (".asm", ".c") if is_file(stem + end)),
                None)


def homes(build, stage):
    """{symbol: source} of all that the linker took into a stage."""
    linked = {symbol for _, symbol in globals_of([build / f"{stage}.elf"])}
    folder = build / stage
    objects = sorted(map(str, folder.rglob("*.o")))
    found = {symbol: source_of(path, folder)
             for path, symbol in globals_of(objects) if symbol in linked}
    return {symbol: source for symbol, source in found.items() if source}


def included(name):
    """The file that a source includes; None for the tables of lib/boot."""
    if name.startswith("boot/"):
        return None
    return next((path for path in (f"lib/{name}", name) if is_file(path)),
                None)


def mentioned(name, home):
    """Yields each file that a file includes, or whose routines it names."""
    in_comment = False
    for line in lines(name):
        include = re.match(r'[#%]include "([^"]*)"', line)
        if include:
            yield included(include[1])
        elif name.endswith((".asm", ".inc")):
            if not re.match(r"(extern|global)\s", line):
                yield from routines(line.partition(";")[0], home)
        elif in_comment or re.match(r"\s*/\*", line):
            in_comment = "*/" not in line
        elif not name.endswith(".h"):  # where prototypes name everything
            yield from routines(line, home)


def routines(line, home):
    return [home[word] for word in re.findall(r"\w+", line) if word in home]


def reading_order(home, entry):
    """Sources breadth first from that of `entry`, then all others."""
    order = [home[entry]]
    for name in order:
        for other in mentioned(name, home):
            if other and other not in order:
                order.append(other)
    return order + [name for name in dict.fromkeys(home.values())
                    if name not in order]


def sources(build):
    """The files of the path, in reading order."""
    return [*names(ROOT.glob("bootsector/*.asm")),
            *reading_order(homes(build, "stage2"), "stage2_start"),
            homes(build, "kernel")["_start"], "kernel/main.c"]


def path(build):
    """Prints the files, then how many lines they have."""
    total = 0
    found = sources(build)
    for number, name in enumerate(found, 1):
        total += len(lines(name))
        print(f"  {number:3}  {name:28} {len(lines(name)):5}")
    tables = sum(len(lines(name)) for name in names(ROOT.glob("lib/boot/*.h")))
    print(f"       {f'{len(found)} files from LBA 0 to kmain':28} {total:5}")
    print(f"       {'lib/boot, shared tables':28} {tables:5}")
