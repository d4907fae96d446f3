"""Who cites a row of docs/hardware.md or a code of docs/errors.md.

A row "| HW-n | what happens | what we do | code | test |" has its last two
columns from the tree. So have, below a heading "### CODE" with a code of
lib/boot/errors.h, a line "Says: ..." (its words) and "Tests: ..." (the tests
that name it).
"""

import re

from codes import as_shown, codes
from tree import CODE, TESTS, find

FILLED = ("docs/hardware.md", "docs/errors.md")

ROW = r"HW-[0-9]+"


def list_of(names):
    return ", ".join(f"`{name}`" for name in names) or "-"


class Citations:
    """Lines of a document, with what the tree says filled in."""

    def __init__(self):
        self.code = find(ROW, *CODE)
        self.tests = find(ROW, *TESTS)
        self.tests.update(find(r"\b(?:E|W|BS_ERROR)_[A-Z0-9_]+", *TESTS))
        self.codes = {code.code: code for code in codes()}
        self.heading = None

    def filled(self, line):
        """`line` as it should be; all others come before it, in order."""
        row = re.match(rf"\| ({ROW}) \| .*? \| .*? \| ", line)
        if row:
            return (f"{row[0]}{list_of(self.code.get(row[1], []))} | "
                    f"{list_of(self.tests.get(row[1], []))} |")
        if line.startswith("### "):
            self.heading = self.codes.get(line.split()[1])
        elif self.heading and line.startswith("Says: "):
            return "Says: " + as_shown(self.heading)
        elif self.heading and line.startswith("Tests: "):
            return "Tests: " + list_of(self.tests.get(self.heading.name, []))
        return line
