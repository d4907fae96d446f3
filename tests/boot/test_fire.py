"""Ten seconds of printing under fire, and that its reader would notice."""

import pytest

import fire
from booting import SUCCESS

SECONDS = 10


def test_printing_under_fire(tmp_path):
    (main, tick, nmis), injected, status = fire.run(tmp_path, SECONDS)
    assert status == SUCCESS
    assert main > 100 and tick > 100
    assert 0 < nmis <= injected


def test_printing_under_fire_without_apic(tmp_path):
    (main, tick, nmis), injected, status = fire.run(tmp_path, 1,
                                                    cpu="qemu64,-apic")
    assert status == SUCCESS
    assert main > 10 and tick > 10
    assert 0 < nmis <= injected


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
