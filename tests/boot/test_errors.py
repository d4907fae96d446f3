"""Every error and warning of errors.h is read by some row of `make test`,
on the screen and on the serial line; docs/errors.md names one that shows it."""

import re

import pytest

from harness.words import ROOT, defines
from table import ROWS

ERRORS = defines("errors.h")
CODES = [name for name, value in ERRORS.items()
         if isinstance(value, int) or len(value) == 1]


def start_of(name):
    """What a pattern for it starts with, whatever its numbers are."""
    if name.startswith("BS_ERROR_"):
        return f"Boot error {ERRORS[name]} "
    if isinstance(ERRORS[name], str):
        return f"^{ERRORS[name]}"
    kind = "warning" if name.startswith("W_") else "error"
    return f"firstlight: {kind} {ERRORS[name]:X}: "


def read_on_both(row):
    machine = row.machine
    if row.full or row.unread or not machine.serial or \
            not machine.has_screen() or row.status is not None:
        return set()
    return set(row.shows) | set(row.says) & set(row.draws)


def reads(row, name):
    return any(pattern.startswith(start_of(name))
               for pattern in read_on_both(row))


def test_there_are_codes():
    assert len(CODES) >= 20


@pytest.mark.parametrize("name", CODES)
def test_is_read(name):
    assert any(reads(row, name) for row in ROWS), \
        "no row of make test shows it on the screen and on COM1"


@pytest.mark.parametrize("name", CODES)
def test_can_be_seen(name):
    """As docs/errors.md says, and with nothing but QEMU."""
    code = ERRORS[name]
    heading = f"{code:X}" if isinstance(code, int) else code
    section = (ROOT / "docs/errors.md").read_text().split(
        f"\n### {heading}\n")[1].split("\n### ")[0]
    pattern = re.search("^See it: `make matrix ROWS='(.+)'`$", section,
                        re.MULTILINE)[1]
    rows = [row for row in ROWS
            if not row.full and re.search(pattern, row.name, re.I)]
    assert rows and all(row.machine.emulator == "qemu" for row in rows)
    assert all(reads(row, name) for row in rows)
