"""docs/tour: its BIOS calls and its register values are those of a boot."""

import re

import pytest

from harness.words import ROOT, defines
from tracing import address, boot, described, folded

TOUR = sorted((ROOT / "docs/tour").glob("*.md"))
CALLS = ROOT / "docs/tour/bios-calls.md"
SETTING = r"\b([A-Z][A-Z0-9.]+[A-Za-z]*)=([A-Za-z0-9_.:+-]+)"


def place(path, text, at):
    return f"{path.relative_to(ROOT)}:{text[:at].count(chr(10)) + 1}"


def machines():
    """[(place, label, block)] of all "<!-- machine: LABEL -->" in the tour."""
    found = []
    for path in TOUR:
        text = path.read_text()
        for marker in re.finditer(r"^<!-- machine: (\S+) -->$", text, re.M):
            block = re.match(r"\n+```\w*\n(.*?)^```$", text[marker.end():],
                             re.M | re.S)
            where = place(path, text, marker.start())
            assert block, f"{where}: no code block behind the marker"
            found.append((where, marker[1], block[1]))
    return found


@pytest.fixture(scope="module", name="booted")
def fixture_booted(tmp_path_factory):
    return boot(tmp_path_factory.mktemp("trace"),
                {label for _, label, _ in machines()})


def number(text):
    """A hexadecimal number, or a [STAGE:]label, with +N or -N behind."""
    if re.fullmatch(r"[0-9A-F]+h?", text):
        return int(text.rstrip("h"), 16)
    name, sign, offset = re.fullmatch(r"([\w.:]+?)(?:([+-])(\d+))?",
                                      text).groups()
    return address(name) + int(f"{sign or '+'}{offset or 0}")


def differences(where, settings, state):
    return [f"{where}: {name}={value}, but it is {state[name]:X}"
            for name, value in settings if state[name] != number(value)]


def test_machines(booted):
    """Each NAME=VALUE in a diagram, at the label it names."""
    wrong, checked = [], 0
    for where, label, block in machines():
        state = booted[1][label]
        assert state, f"{where}: the boot never comes to {label}"
        settings = re.findall(SETTING, block)
        assert settings, f"{where}: nothing to check"
        checked += len(settings)
        wrong += differences(where, settings, state)
    assert not wrong, "\n".join(wrong)
    assert checked > 50


class Row:
    """A row of the table: | n | caller | call | answer | how often | why |"""

    def __init__(self, where, cells):
        self.where, self.once = where, cells[4] == "once"
        self.caller = cells[1].strip("`")
        self.vector = int(re.match(r"`INT (\w\w)h`", cells[2])[1], 16)
        self.given = re.findall(SETTING, cells[2])
        self.answer = re.findall(SETTING, cells[3])

    def fits(self, call):
        return (call.caller == self.caller and call.vector == self.vector and
                not differences("", self.given, call.before))


def rows():
    text = CALLS.read_text()
    found = []
    for match in re.finditer(r"^\| \d+ \|.*\|$", text, re.M):
        cells = [cell.strip() for cell in match[0].strip("|").split("|")]
        found.append(Row(place(CALLS, text, match.start()), cells))
    return found


def test_bios_calls(booted):
    """The table has every call, in order, with what it returns."""
    table, calls, order = rows(), booted[0], []
    assert len(table) > 10
    for call in calls:
        fitting = [row for row in table if row.fits(call)]
        assert len(fitting) == 1, f"{call}: {len(fitting)} rows fit"
        if fitting[0] not in order:
            order.append(fitting[0])
        assert fitting[0].answer, f"{fitting[0].where}: no answer"
        assert call.after, f"{call} never returned"
        wrong = differences(fitting[0].where, fitting[0].answer, call.after)
        assert not wrong, "\n".join(wrong)
    assert order == table, "the rows are not in the order of the calls"
    for row in table:
        count = sum(map(row.fits, calls))
        assert (count == 1) == row.once, f"{row.where}: {count} times"


def test_sector_layout():
    """The places that chapter 2 tells are those of lib/boot/image.h."""
    text = (ROOT / "docs/tour/02-boot-sector.md").read_text()
    rows = re.findall(r"^0x(7[CD]\w\w)  (.*)$", text, re.M)
    image, start = defines("image.h"), defines("layout.h")["BOOT_SECTOR_ADDR"]
    assert [int(at, 16) - start for at, _ in rows] == [0] + [
        image[f"BS_{name}"] for name in ("FREE", "CODE", "SECTORS", "SIGNATURE",
                                         "PARTITIONS", "MAGIC")]
    assert rows[1][1].startswith(f"({image['BS_CODE'] - image['BS_FREE']} bytes)")
    assert f"ends before 0x{start + image['BS_SECTORS']:X}" in rows[2][1]


def test_a_wrong_value_is_seen(booted):
    """The checks above can fail."""
    state = booted[1]["bootsector_start"]
    assert differences("x", [("SP", "0001"), ("DL", "80h")], state)
    assert not differences("x", [("DL", "80h"), ("IP", "BOOT_SECTOR_ADDR")],
                           state)


def test_what_make_bios_calls_folds(booted):
    """Repeated calls are one line with a count; nothing is lost."""
    assert folded(list("ababab")) == [(3, ["a", "b"])]
    assert folded(list("xaaaybcbc")) == [
        (1, ["x"]), (3, ["a"]), (1, ["y"]), (2, ["b", "c"])]
    assert folded(list("aabaab")) == [(2, ["a", "a", "b"])]
    lines = [described(call) for call in booted[0]]
    parts = folded(lines)
    assert sum((count * part for count, part in parts), []) == lines
    assert sum(len(part) for _, part in parts) < len(lines) / 2
    # A flag is shown where it is the answer.
    for line in lines:
        flag = re.search("-> (CF|ZF|nothing|)", line)[1]
        assert flag in {"INT 13h": ("CF",), "INT 15h": ("CF",),
                        "INT 16h": ("ZF",)}.get(line[17:24], ("nothing", ""))
