"""A mistake that somebody could make in a source, and how it is made."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Mutation:
    """what    as a report calls it
    file    source
    after   a line that comes before: a label, a function's first line
    old     the first such line behind that; comments and blanks do not count
    new     what stands there then; "": nothing
    boots   names of rows and programs that look at it
    """
    what: str
    file: str
    after: str
    old: str
    new: str
    boots: tuple


def plain(file, line):
    """A line without its comment, blanks as one."""
    code = line.partition(";")[0] if file.endswith(".asm") else line
    return " ".join(code.split())


def mutated(mutation, text):
    """The source with the mistake in it; ValueError: no such place."""
    lines = text.splitlines(keepends=True)
    found = False
    for number, line in enumerate(lines):
        code = plain(mutation.file, line)
        if found and code == mutation.old:
            lines[number] = f"\t{mutation.new}\n" if mutation.new else "\n"
            return "".join(lines)
        found = found or code.startswith(mutation.after)
    raise ValueError(f"{mutation.file} has no {mutation.old!r} behind "
                     f"{mutation.after!r}")
