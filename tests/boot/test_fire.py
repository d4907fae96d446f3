"""Ten seconds of printing under fire, and that its reader would notice."""

import pytest

import fire
from booting import SUCCESS

SECONDS = 10


def check(tmp_path, seconds, lines, **machine):
    """More lines than that from each; a busy host takes longer for them."""
    for longer in (1, 10):
        (main, tick, nmis), injected, status = fire.run(
            tmp_path, seconds * longer, **machine)
        assert status == SUCCESS
        assert 0 < nmis <= injected
        if min(main, tick) > lines:
            return
    raise AssertionError(f"{main} lines from main, {tick} from the timer")


def test_printing_under_fire(tmp_path):
    check(tmp_path, SECONDS, 100)


def test_printing_under_fire_without_apic(tmp_path):
    check(tmp_path, 1, 10, cpu="qemu64,-apic")


GOOD = ["fire main 00000000 |", "fire tick 00000000 |",
        "fire main 00000001 .|",
        "fire: 2 lines from main, 1 from the timer, 0 NMIs"]


def read(lines):
    reader = fire.Lines()
    reader.take("".join(line + "\r\n" for line in lines).encode())
    return reader.finish()


def test_reader_is_content():
    assert read(["firstlight: ready", *GOOD, "anything"]) == (2, 1, 0)


@pytest.mark.parametrize("lines", [
    GOOD[1:], GOOD[:2] + GOOD[3:], GOOD[:3], GOOD[:1] + GOOD[2:],
    [GOOD[0], GOOD[0], *GOOD[1:]], [GOOD[0] + GOOD[1], *GOOD[2:]],
    [GOOD[0], "fire ti" + GOOD[2], *GOOD[2:]],
    [*GOOD[:2], "fire main 00000001 ..|", GOOD[3]],
    [*GOOD[:2], "fire main 00000001 .", GOOD[3]],
    [GOOD[0], "", *GOOD[1:]]])
def test_reader_notices(lines):
    with pytest.raises(fire.Torn):
        read(lines)
