"""Devices interrupt through whatever controllers a machine has."""

import re

import pytest

from booting import boot, wait_halted
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
    "no-acpi": (PIC, "", {"extra": ("-no-acpi",)}),
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
