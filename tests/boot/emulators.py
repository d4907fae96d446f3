"""The boot matrix beyond QEMU with its own BIOS: other firmware, Bochs, v86.

A table like matrix.py. v86 is a 32-bit PC: whatever its disk, its BIOS and its
memory, the loader must say what the CPU lacks.
"""

import dataclasses

from foreign import protocol
from harness.machine import Machine
from harness.recipe import Cut, Flip, Recipe
from harness.run import Row
from harness.words import boot_error, message
from matrix import A20, CD, CHS, DISKETTE, EDD, FLOPPY, WITH_MODULE, boots


def named(machine):
    """What is special about it, in words."""
    plain = Machine(emulator=machine.emulator, cpu="")
    return " ".join([machine.emulator] + [
        f"{field.name}={value}" for field in dataclasses.fields(Machine)
        if (value := getattr(machine, field.name)) !=
        getattr(plain, field.name)])


def pc(emulator, facts=(EDD,), disk=Recipe(), full=False, **machine):
    machine = Machine(emulator=emulator, **machine)
    return boots(named(machine), machine, disk, facts, full=full)


# What each bus of the other emulators is booted from, and how.
MEDIA = {"ide": (Recipe(), EDD), "floppy": (DISKETTE, FLOPPY),
         "cdrom": (CD, CHS)}

# ---- QEMU with another BIOS ----------------------------------------------

SMALL = "seabios-128k"
MICROVM = {"firmware": "seabios-microvm", "video": "none",
           "board": "microvm,isa-serial=on,pic=on,pit=on,rtc=on"}

FIRMWARE = [
    pc("qemu", firmware=SMALL),
    pc("qemu", vgabios="vga-lgpl-std"),
    pc("qemu", firmware=SMALL, vgabios="vga-lgpl-std", cpu="max", full=True),
    pc("qemu", firmware=SMALL, board="q35", full=True),
    *[pc("qemu", (how,), disk, firmware=SMALL, bus=bus,
         full=True) for bus, (disk, how) in MEDIA.items() if bus != "ide"],
    *[pc("qemu", firmware=SMALL, bus=bus, full=True)
      for bus in ("ahci", "usb-uhci", "usb-ehci", "virtio-blk")],
    *[pc("qemu", firmware=SMALL, memory=memory, full=True)
      for memory in ("4M", "16M", "5G")],
    pc("qemu", bus="mmio", **MICROVM),
    *[pc("qemu", bus="mmio", cpu="max", memory=memory, full=True, **MICROVM)
      for memory in ("16M", "512M", "5G")],
    protocol("microvm", Machine(bus="mmio", **MICROVM), full=True),
]

# ---- UEFI, which says why nothing boots (HW-34) ---------------------------

UEFI = [Row(f"qemu firmware=ovmf bus={bus}",
            Machine(firmware="ovmf", bus=bus, memory="256M"),
            says=("Firstlight boots by a BIOS[.] This PC has started it by UEFI",
                  "Firmware: .*EDK II, revision ", "Press a key to go back"),
            full=bus != "ahci")
        for bus in ("ide", "ahci", "usb-xhci", "nvme", "virtio-blk")]

# ---- Bochs, with its own BIOS and VGA BIOS, and with others ---------------

USUAL = "corei7_haswell_4770"
BOCHS_CPUS = ["athlon64_clawhammer", "core2_penryn_t9600", "ryzen",
              "corei7_skylake_x"]
BOCHS_CPUS_MORE = ["p4_prescott_celeron_336", "athlon64_venice",
                   "turion64_tyler", "phenom_8650_toliman",
                   "corei5_lynnfield_750", "corei5_arrandale_m520",
                   "corei7_sandy_bridge_2600k", "zambezi", "trinity_apu",
                   "corei7_ivy_bridge_3770k", "broadwell_ult",
                   "corei3_cnl", "corei7_icelake_u", "tigerlake"]
BIOSES = ["bochs", "bochs-legacy"]
VGA_BIOSES = ["vga-bochs", "vga-lgpl", "vga-lgpl-cirrus", "vga-seabios-isa"]


def bochs(facts=(EDD, A20), disk=Recipe(), cpu=USUAL, **more):
    return pc("bochs", facts, disk, cpu=cpu, **more)


def bochs_lacking(cpu, what, full=False):
    return Row(f"bochs refused: cpu={cpu}",
               Machine(emulator="bochs", cpu=cpu), full=full,
               shows=(message("E_CPU_FEATURES", None, what),))


def bochs_threads(cpus, quantum):
    """Bochs lets each processor execute so many instructions in turn: each
    quantum is another order, and all must end alike."""
    return Row(f"bochs: threads on {cpus} CPUs, quantum {quantum}",
               Machine(emulator="bochs", cpu="ryzen", extra=(
                   f"cpu: count={cpus}, quantum={quantum}",)),
               Recipe(cmdline="test=threads_"),
               full=quantum not in (1, 16),
               says=(rf"; {cpus} of {cpus} CPUs run$",
                     r"^# \d+ passed, 0 failed$"))


BOCHS = [
    bochs(),
    *[bochs(cpu=cpu) for cpu in BOCHS_CPUS],
    *[bochs(cpu=cpu, full=True) for cpu in BOCHS_CPUS_MORE],
    *[bochs(memory=memory) for memory in ("4M", "16M")],
    *[bochs(memory=memory, full=True) for memory in ("8M", "512M", "2G")],
    *[bochs((how,), disk, cpu="ryzen", bus=bus)
      for bus, (disk, how) in MEDIA.items() if bus != "ide"],
    *[bochs((how,), disk, firmware="bochs-legacy", bus=bus, full=bus != "ide")
      for bus, (disk, how) in MEDIA.items()],
    # SeaBIOS knows QEMU's screens, so here is none
    *[bochs((how,), disk, firmware=SMALL, bus=bus, video="none",
            full=bus != "ide") for bus, (disk, how) in MEDIA.items()],
    *[bochs(firmware=bios, vgabios=vgabios, full=True)
      for bios in BIOSES for vgabios in VGA_BIOSES
      if (bios, vgabios) != (BIOSES[0], VGA_BIOSES[0])],
    Row("bochs: the kernel's tests", Machine(emulator="bochs", cpu="ryzen"),
        Recipe(cmdline="test"), says=(r"^# \d+ passed, 0 failed$",)),
    Row("bochs: threads meet", Machine(emulator="bochs", cpu="ryzen"),
        Recipe(cmdline="explore=lock"), says=(r"^explore: .*: 0 findings$",)),
    *[bochs_threads(cpus, quantum) for cpus in (2, 4)
      for quantum in range(1, 33)],
    bochs_lacking("pentium", ".* long-mode"),
    *[bochs_lacking(cpu, ".* long-mode", full=True)
      for cpu in ("p2_klamath", "p4_willamette", "core_duo_t2400_yonah")],
]

# ---- v86, an npm package: make v86 ----------------------------------------

V86 = Machine(emulator="v86", cpu="v86's own")
V86_MEMORY = ("16M", "128M", "512M", "1G")


def v86(facts, disk=Recipe(), key=(), name="", **machine):
    machine = dataclasses.replace(V86, **machine)
    return Row(name or named(dataclasses.replace(machine, cpu="")), machine,
               disk, shows=facts, key=key, full=True)


def refused(disk=Recipe(), **more):
    return v86((message("E_CPU_FEATURES", None, " long-mode"),), disk, **more)


def broken(what, error, damage, **machine):
    """The boot sector knows COM1 and the screen, not port E9h."""
    return v86((boot_error(error),), dataclasses.replace(
        WITH_MODULE, damage=(damage,)), name=f"v86 damaged: {what}",
        debugcon=False, **machine)


OTHER_BIOS = {"firmware": "bochs-legacy", "vgabios": "vga-bochs"}
V86S = [
    *[refused(disk, bus=bus) for bus, (disk, _) in MEDIA.items()],
    *[refused(disk, bus=bus, **OTHER_BIOS)
      for bus, (disk, _) in MEDIA.items()],
    *[refused(memory=memory) for memory in V86_MEMORY],
    refused(name="v86 and a key", key=("ret", "No bootable device")),
    refused(video="none"),
    refused(name="v86 with ACPI", extra=({"acpi": True},)),
    refused(name="v86 without its compiler", extra=({"disable_jit": True},)),
    refused(name="v86 with a dummy BPB (HW-4)",
            disk=Recipe(flags=("--bpb", "dummy"))),
    refused(name="v86 with 255 heads (HW-2)",
            disk=Recipe(flags=("--geometry", "255x63"))),
    refused(name="v86 with seven modules",
            disk=dataclasses.replace(WITH_MODULE,
                                     modules=WITH_MODULE.modules * 7)),
    broken("one bit of stage 2", "BS_ERROR_SUM", Flip("stage2")),
    broken("one bit of the header", "BS_ERROR_MAGIC", Flip("header", 0)),
    broken("cut in stage 2", "BS_ERROR_SUM", Cut("stage2")),
]

TABLE = FIRMWARE + UEFI + BOCHS + V86S
