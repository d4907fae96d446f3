"""A hostile BIOS's interrupt controllers and timers: the kernel must be
interrupted all the same."""

from harness.machine import Machine
from harness.recipe import Recipe
from harness.words import READY
from hostile import PC, boots

TICKS = "^clock +{}, 100 Hz; TSC .* by .*$"
APIC_TICKS = TICKS.format("local APIC timer")
PASSED = r"^# \d+ passed, 0 failed$"

# One that Bochs plays with an x2APIC.
X2APIC = Machine(emulator="bochs", bus="second", cpu="corei7_skylake_x")


def left(name, devices, says, cmdline="exit", machine=PC, full=False):
    # the kernel's tests use the screen for themselves
    shows = () if PASSED in says else (READY,)
    return boots(f"devices: {name}", {"entry_devices": devices}, says,
                 disk=Recipe(cmdline=cmdline), machine=machine, shows=shows,
                 full=full)


TABLE = [
    left("the HPET has IRQ 0 (HW-39)", "DEVICES_HPET",
         (TICKS.format("PIT"),), "exit irq=pic"),
    left("the HPET has IRQ 0, and the APICs are used (HW-39)", "DEVICES_HPET",
         (APIC_TICKS, PASSED), "test"),
    left("an interrupt is in service for ever (HW-38)", "DEVICES_LOST",
         (APIC_TICKS,)),
    left("x2APIC mode (HW-38)", "DEVICES_X2APIC",
         ("local APIC 0 in x2APIC mode$", APIC_TICKS, PASSED), "test",
         X2APIC),
    left("x2APIC mode, an interrupt is in service for ever (HW-38)",
         "DEVICES_X2APIC+DEVICES_LOST",
         ("local APIC 0 in x2APIC mode$", APIC_TICKS, PASSED), "test",
         X2APIC, full=True),
    left("inputs for SMI, NMI, the 8259s (HW-41)", "DEVICES_IO_APIC",
         (APIC_TICKS,)),
]
