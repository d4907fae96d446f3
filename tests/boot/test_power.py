"""Switching off and starting anew, in each way there is."""

import re

import pytest

from booting import boot, wait_halted

CANNOT_OFF = "^This machine cannot be switched off from here"
CANNOT_RESET = "^This machine cannot be reset in the ways that were tried"

# way, board, further arguments
OFF = [("acpi", "pc", ()), ("acpi", "q35", ()), ("ports", "q35", ()),
       ("", "pc", ()), ("", "q35", ())]
RESET = [("acpi", "q35", ()), ("kbc", "pc", ()), ("kbc", "isapc", ()),
         ("fault", "pc", ()), ("fault", "q35", ()), ("", "pc", ()),
         ("", "isapc", ())]


def word(name, way):
    return f"{name}={way}" if way else name


def reasons(qemu):
    return [event["data"]["reason"] for event in qemu.monitor.events
            if event["event"] in ("SHUTDOWN", "RESET")]


@pytest.mark.parametrize("way,board,extra", OFF)
def test_power_off(way, board, extra, tmp_path):
    with boot(tmp_path, word("poweroff", way), board=board,
              extra=extra) as qemu:
        assert qemu.wait_end() == 0
        assert reasons(qemu) == ["guest-shutdown"]
        assert "\npower off: by " in qemu.serial.text
        assert "This machine" not in qemu.serial.text


def test_sleep_type_before_enable(tmp_path):
    """What is written to PM1a_CNT, which QEMU's traces call acpi-cnt (HW-45)."""
    trace = tmp_path / "trace.txt"
    with boot(tmp_path, "poweroff=acpi",
              extra=("-trace", "memory_region_ops_write",
                     "-D", str(trace))) as qemu:
        assert qemu.wait_end() == 0
    values = re.findall(r"value (0x\w+) size 2 name 'acpi-cnt'",
                        trace.read_text())
    enable = 0x2000
    first, second = [int(value, 16) for value in values[-2:]]
    assert second == first | enable and first != second


@pytest.mark.parametrize("way,board,extra", RESET)
def test_reboot(way, board, extra, tmp_path):
    with boot(tmp_path, word("reboot", way), board=board,
              extra=extra) as qemu:
        assert qemu.wait_end() == 0
        assert reasons(qemu) == ["guest-reset"]
        assert qemu.serial.text.count("\nreboot: by ") == 1
        assert qemu.debugcon.text.count("\nreboot: by ") == 1


@pytest.mark.parametrize("words,board,says", [
    ("poweroff=acpi", "pc,acpi=off", CANNOT_OFF),
    ("poweroff", "isapc", CANNOT_OFF),
    ("reboot=acpi", "pc,acpi=off", CANNOT_RESET)])
def test_what_cannot_be_done_is_said(words, board, says, tmp_path):
    with boot(tmp_path, words, board=board) as qemu:
        qemu.wait_text(says)
        wait_halted(qemu)


def test_reboot_boots_again(tmp_path):
    """Without -no-reboot the loader comes up once more."""
    with boot(tmp_path, "reboot", extra=("-action", "reboot=reset")) as qemu:
        qemu.wait_text(r"(?s)firstlight: ready\n.*firstlight: ready\n")
