"""Tables of a document that are made from the headers of lib/boot.

    <!-- generated: NAME -->
    <!-- end -->

NAME is one of

    memory-map          layout.h: X_ADDR, X_END and their comments
    errors              errors.h: codes and words
    constants HEADER    all #defines of a header, with their comments
    struct NAME         fields of a structure of bootinfo.h or image.h
    calls               lib/calls.h: what programs may ask the kernel for
    call-errors         lib/calls.h: and what it refuses, with its words
    times PATH          how long the tour takes (times.py)
"""

import itertools
import os
import re
import shlex
import subprocess

from codes import codes, is_letter
from header import defines, number, struct
from times import times
from tree import ROOT, Wrong


def make(words, _document):
    """The lines of the table that a marker asks for."""
    name, *argument = words.split(" ", 1)
    if name not in TABLES:
        raise Wrong(f"no table {name}: there are {', '.join(TABLES)}")
    return ["", *TABLES[name](*argument), ""]


def table(head, rows):
    """Lines of a table: `head` names its columns, rows are their cells."""
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head),
            *(f"| {' | '.join(row)} |" for row in rows)]


def cell(text):
    return text.replace("|", "\\|")


def grouped(entries):
    """Lists of entries, each with the comment that stands above it."""
    for _, group in itertools.groupby(entries, lambda entry: entry.group):
        group = list(group)
        yield group[0].about, group


def tables_of_groups(head, entries, row):
    lines = []
    for about, group in grouped(entries):
        lines += ["", about] if about else []
        lines += ["", *table(head, map(row, group))]
    return lines[1:]


# ---- layout.h ----------------------------------------------------------------


def size_in_words(size):
    """262144 is "256 KiB"; what is no whole number of them has a fraction."""
    units = ["bytes", "KiB", "MiB", "GiB"]
    while len(units) > 1 and size and size % 1024 == 0:
        size, units = size // 1024, units[1:]
    if size >= 1024 and len(units) > 1:
        return f"{size / 1024:g} {units[1]}"
    return f"{size} {units[0]}"


def memory_map():
    values = {define.name: define.value for define in defines("layout.h")}
    for name in values:
        if name.endswith("_END") and name[:-len("_END")] + "_ADDR" not in values:
            raise Wrong(f"an _END without its _ADDR: {name}")
    return table(["from", "up to", "size", "name", "what"],
                 memory_rows(values))


def memory_rows(values):
    for about, group in grouped(defines("layout.h")):
        for define in group:
            if not define.name.endswith("_ADDR"):
                continue
            name = define.name[:-len("_ADDR")]
            low, end = number(define.value), values.get(name + "_END")
            high, size = "", ""
            if end:
                if number(end) <= low:
                    raise Wrong(f"ends before it starts: {name}")
                high = f"`0x{number(end):08X}`"
                size = size_in_words(number(end) - low)
            yield f"`0x{low:08X}`", high, size, f"`{name}`", cell(about)
            about = ""


# ---- errors.h ----------------------------------------------------------------


def errors():
    def row(code):
        words = code.words if is_letter(code) else f"`{code.words}`"
        return f"`{code.code}`", cell(words), f"`{code.name}`"
    return tables_of_groups(["code", "words", "name"], codes(), row)


# ---- Any header --------------------------------------------------------------


def constants(header):
    def row(define):
        return f"`{define.name}`", f"`{cell(define.value)}`", cell(define.note)
    return tables_of_groups(["name", "value", "meaning"], defines(header), row)


# ---- Structures --------------------------------------------------------------


def struct_table(name):
    layout = struct(name)
    check_with_compiler(name, layout)
    rows = [(str(field.offset), f"`{field.type}{length(field.count)}`",
             f"`{field.name}`", cell(field.note)) for field in layout.fields]
    return table(["offset", "type", "field", "meaning"],
                 [*rows, (str(layout.size), "", "", "its end")])


def length(count):
    return f"[{count}]" if count > 1 else ""


def check_with_compiler(name, layout):
    """Every offset, and the size, is what a compiler makes of it."""
    lines = ["#include <stddef.h>", f'#include "boot/{layout.header}"']
    lines += [f'_Static_assert(offsetof(struct {name}, {field.name}) == '
              f'{field.offset}, "{field.name}");' for field in layout.fields]
    lines.append(f'_Static_assert(sizeof(struct {name}) == {layout.size}, '
                 f'"its size");')
    compiler = shlex.split(os.environ.get("HOSTCC") or "cc")
    try:
        done = subprocess.run([*compiler, "-fsyntax-only", "-Ilib", "-x", "c",
                               "-"], input="\n".join(lines) + "\n", cwd=ROOT,
                              capture_output=True, text=True, check=False)
    except OSError as error:
        raise Wrong(f"no compiler to ask, {error}: sh tools/setup.sh "
                    "installs one") from None
    if done.returncode:
        why = [line for line in done.stderr.splitlines() if "error" in line]
        raise Wrong(f"struct {name} is laid out otherwise by the compiler: "
                    f"{(why or [done.returncode])[0]}")


# ---- calls.h -----------------------------------------------------------------


def calls():
    text = (ROOT / "lib/calls.h").read_text(encoding="utf-8")
    found = re.findall(r"^#define CALL_(\w+)\t+(\d+)\t/\* \((.*?)\): (.*) \*/$",
                       text, re.M)
    return table(["number", "call", "returns"],
                 [(number, f"`{name.lower()}({takes})`", cell(gives))
                  for name, number, takes, gives in found])


def call_errors():
    text = (ROOT / "lib/calls.h").read_text(encoding="utf-8")
    found = re.findall(r'^\terror\((\w+), (\d+), "(.*)"\)', text, re.M)
    return table(["result", "words", "name"],
                 [(f"-{number}", f"`{cell(words)}`", f"`CALL_E_{name}`")
                  for name, number, words in found])


# ---- The tour ----------------------------------------------------------------


def tour_times(path):
    rows, sentence = times(path)
    return [*table(["chapter", "minutes to read", "for the exercises",
                    "short path"], rows), "", sentence]


TABLES = {"memory-map": memory_map, "errors": errors, "constants": constants,
          "struct": struct_table, "calls": calls, "call-errors": call_errors,
          "times": tour_times}
