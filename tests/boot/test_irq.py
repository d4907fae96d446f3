"""Devices interrupt through whatever controllers a machine has."""

import re

import pytest

from booting import boot, wait_halted
from harness.debugger import Debugger
from hostile import first_in_qemu
from hostile_image import compose
from monitor_session import Serial

APIC = "I/O APIC and local APIC"
PIC = "two 8259 controllers"

LOOKS = 100
# Questions that are enough for a tick to come in between.
ASKED = 200

# name -> controllers, command line, machine
MACHINES = {
    "pc": (APIC, "", {}),
    "q35": (APIC, "", {"board": "q35"}),
    "two-processors": (APIC, "", {"extra": ("-smp", "2")}),
    "not-wanted": (PIC, "irq=pic", {}),
    "q35-not-wanted": (PIC, "irq=pic", {"board": "q35"}),
    "no-apic": (PIC, "", {"cpu": "qemu64,-apic"}),
    "no-8259": (APIC, "", {"board": "pc,pic=off"}),
    "no-acpi": (PIC, "", {"board": "pc,acpi=off"}),
    "isapc": (PIC, "", {"board": "isapc"}),
}


def counts(monitor):
    """{name: count}"""
    return {name: int(count) for count, name in
            re.findall(r"^ *\w+ +\w\wh +(\d+)  (.+)$",
                       "\n".join(monitor.ask("irq")), re.MULTILINE)}


@pytest.mark.parametrize("name", MACHINES)
def test_devices_interrupt(name, tmp_path):
    controllers, cmdline, machine = MACHINES[name]
    with boot(tmp_path, cmdline, **machine) as qemu:
        monitor = Serial(qemu)
        assert monitor.ask("irq")[0] == f"controllers: {controllers}"
        before = counts(monitor)
        assert {"COM1", "keyboard", "timer"} <= set(before)
        qemu.send_key("f1")
        for _ in range(ASKED):
            after = counts(monitor)
            if all(after[name] > before[name] for name in before):
                return
        pytest.fail(f"{before}, and after that {after}")


def inputs(qemu):
    """{number of an I/O APIC's input: its bits in words}"""
    text = qemu.qmp("human-monitor-command", **{"command-line": "info pic"})
    return {int(number): words for number, words in
            re.findall(r"^ *pin (\d+) +\w+ dest=\w+ (.*)$", text,
                       re.MULTILINE)}


def test_inputs_that_the_firmware_uses(tmp_path):
    """Those for SMIs stay as they are, and no device gets one (HW-41)."""
    disk = tmp_path / "hostile.img"
    disk.write_bytes(compose({"entry_devices": "DEVICES_IO_APIC"}))
    with boot(tmp_path, "", bus="second",
              extra=first_in_qemu(str(disk))) as qemu:
        monitor = Serial(qemu)
        assert {"COM1", "timer"} == set(counts(monitor))
        said = inputs(qemu)
        assert "SMI" in said[1] and "masked" not in said[1]
        for unused in (0, 2, 3, 21, 22, 23):
            assert "masked fixed" in said[unused]
        assert "masked" not in said[4]


def test_local_timer_that_never_ticks(tmp_path):
    """It counts, but has no vector to interrupt by: the PIT is taken (HW-47)."""
    with boot(tmp_path, "", extra=("-S",)) as qemu:
        with Debugger(qemu) as debugger:
            debugger.break_at("local_apic_timer")
            debugger.run()
            assert debugger.register("rdi") == 0	# it is measured
            debugger.run()
            assert debugger.register("rdi") != 0
            debugger.set_register("rdi", 0)
        monitor = Serial(qemu)
        assert qemu.serial.find("^clock +the local APIC timer never ticked, "
                                "PIT, 100 Hz; TSC .* MHz by HPET")
        assert monitor.answers("irq", "^    0 .* timer$")
        assert not monitor.answers("irq", "^local")


def test_prompt_sleeps_between_ticks(tmp_path):
    """Of many looks at the processor nearly all find it halted."""
    with boot(tmp_path, "") as qemu:
        Serial(qemu)
        wait_halted(qemu)
        halted = sum(
            "HLT=1" in qemu.qmp("human-monitor-command",
                                **{"command-line": "info registers"})
            for _ in range(LOOKS))
        assert halted >= LOOKS * 3 / 4
