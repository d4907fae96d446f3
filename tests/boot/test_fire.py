"""Four seconds of printing under fire, and that its reader would notice."""

import re

import pytest

import fire
from booting import SUCCESS

SECONDS = 4  # make soak: 600


def check(tmp_path, seconds, cpus=1, **machine):
    """Lines from each source; a busy host may take longer for them."""
    for longer in (1, 10):
        seen, injected, status = fire.run(tmp_path, seconds * longer,
                                          extra=("-smp", str(cpus)), **machine)
        assert status == SUCCESS
        # Those sent by the guest may come as one.
        assert 0 < seen.nmis
        assert cpus > 1 or seen.nmis <= injected
        memory = re.fullmatch(r"(\d+) blocks of memory, (\d+) of them mapped, "
                              r"(\d+) sleeps", seen.after[0])
        assert seen.after == [memory[0]]
        assert int(memory[1]) == seen.threads
        if (len(seen.sources) == 8 + cpus and
                min(seen.sources.values()) > 0 and int(memory[2])):
            return
    raise AssertionError(seen)


@pytest.mark.parametrize("cpus", [1, 4])
def test_printing_under_fire(cpus, tmp_path):
    check(tmp_path, SECONDS, cpus)


def test_printing_under_fire_without_apic(tmp_path):
    check(tmp_path, 1, cpu="qemu64,-apic")


GOOD = ["fire t00 00000000 |", "fire c01 00000000 |",
        "fire t00 00000001 .|",
        "fire: 2 lines from threads, 1 from interrupts, 0 NMIs", "fire: well"]


def read(lines):
    reader = fire.Lines()
    reader.take("".join(line + "\r\n" for line in lines).encode())
    return reader.finish()


def test_reader_is_content():
    assert read(["firstlight: ready", *GOOD, "anything"]) == (
        2, 1, 0, {("c", "01"): 1, ("t", "00"): 2}, ["well"])


@pytest.mark.parametrize("lines", [
    GOOD[1:], GOOD[:2] + GOOD[3:], GOOD[:3], GOOD[:1] + GOOD[2:],
    [GOOD[0], GOOD[0], *GOOD[1:]], [GOOD[0] + GOOD[1], *GOOD[2:]],
    [GOOD[0], "fire c0" + GOOD[2], *GOOD[2:]],
    [*GOOD[:2], "fire t00 00000001 ..|", GOOD[3]],
    [*GOOD[:2], "fire t00 00000001 .", GOOD[3]],
    [GOOD[0], "", *GOOD[1:]]])
def test_reader_notices(lines):
    with pytest.raises(fire.Torn):
        read(lines)
