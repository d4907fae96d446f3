"""The boot matrix's other kernels: foreign, large, faulty.

A table like matrix.py.
"""

import dataclasses

from booting import Halts
from harness.machine import Machine, value
from harness.recipe import BUILD, Recipe
from harness.run import Row
from harness.words import FAULT_AGAIN, FAULT_AGAIN_TWICE, defines, message
from matrix import CPUS, MODULE, Q35_BUSES, boots

GARBAGE = ("-device", f"loader,file={value(BUILD)}/test/low.bin,addr=0x600,"
           "force-raw=on",
           "-device",
           f"loader,file={value(BUILD)}/test/high.bin,addr=0x100000,"
           "force-raw=on")


LAYOUT = defines("layout.h")
# The last byte below the kernel's first stack is not mapped.
GUARD_LAST = LAYOUT["LOADER_DATA_ADDR"] + LAYOUT["PAGE_SIZE"] - 1


def kernel(name, cmdline="", **more):
    return Recipe(kernel=f"test/kernels/{name}.elf", cmdline=cmdline, **more)


def ends(name, disk, says, machine=Machine(), **more):
    """A row whose kernel leaves QEMU with status 33."""
    machine = dataclasses.replace(machine, exit_port=True)
    return Row(name, machine, disk, says=(says,), status=33, **more)


def protocol(what, machine=Machine(), modules=2, name="protocol", **more):
    return Row(f"protocol: {what}",
               dataclasses.replace(machine, exit_port=True),
               kernel(name, "a b", modules=MODULE * modules),
               shows=("^protocol: kept$",), never=("^not ok",), status=33,
               **more)


def linked(how, **more):
    """Linked without a script, its headers in front, see tests/boot.mk."""
    return ends(f"kernel linked without a script: {how}",
                kernel(f"linked-{how}"), "^Hello from a kernel",
                Machine(memory="256M"), **more)


def faulting(name, *words, what="", **more):
    """The loader's IDT reports what the kernel's first instruction did."""
    return Row(f"kernel fault: {name}{what}", disk=kernel(name),
               shows=(message("E_FAULT", *words),), **more)


def faulting_again(name, what, **more):
    """The report faults, too: a letter, once."""
    return Row(f"kernel fault: {what}", disk=kernel(name), visit=Halts(FAULT_AGAIN),
               never=("#PF", FAULT_AGAIN_TWICE), **more)


TABLE = [
    ends("foreign kernel", kernel("foreign-kernel"), "^Hello from a kernel"),
    Row("foreign kernel on the screen", Machine(debugcon=False),
        kernel("foreign-kernel"), shows=("^Hello from a kernel of your own",)),
    ends("foreign kernel prints its module",
         kernel("foreign-module", modules=MODULE), "define BLOB_MODULE"),
    *[linked(f"gnu{how}") for how in ("-1m", "-1m-shared")],
    *[linked(f"lld{how}", needs=("clang", "ld.lld"))
      for how in ("-2m", "-alone", "-128m")],
    ends("kernel of 3 MiB, 97 chunks", kernel("many"), "test kernel: ready"),
    ends("kernel of 3 MiB from a USB stick", kernel("many"),
         "test kernel: ready", Machine(bus="usb-ehci")),
    ends("kernel with 6 MiB of bss", kernel("large"), "test kernel: ready",
         Machine(extra=GARBAGE)),
    ends("kernel with 200 MiB of bss", kernel("huge"), "test kernel: ready",
         Machine(memory="256M", extra=GARBAGE)),
    ends("kernel in two parts, 768 MiB apart", kernel("apart"),
         "test kernel: ready", Machine(memory="1G")),
    ends("kernel at 2 GiB", kernel("far"), "test kernel: ready",
         Machine(memory="3G")),
    boots("RAM full of garbage (HW-11)", Machine(extra=GARBAGE)),
    protocol("as it comes"),
    protocol("RAM full of garbage (HW-11)", Machine(extra=GARBAGE)),
    protocol("cpu=max", Machine(cpu="max")),
    protocol("cpu without NX, 1 GiB pages, SSE4.2",
             Machine(cpu="max,-nx,-pdpe1gb,-sse4.2")),
    protocol("5 GiB on q35", Machine(board="q35", memory="5G")),
    protocol("no VGA", Machine(video="none")),
    protocol("isapc, no ACPI", Machine(board="isapc")),
    protocol("from a floppy", Machine(bus="floppy"), modules=7),
    protocol("seven modules", modules=7),
    protocol("no module", modules=0),
    protocol("kernel in two parts", Machine(memory="1G"), name="protocol-apart"),
    protocol("kernel in two parts, no module", Machine(memory="1G"), modules=0,
             name="protocol-apart"),
    *[protocol(f"cpu={cpu}", Machine(cpu=cpu), full=True)
      for cpu in CPUS[1:]],
    *[protocol(f"board=q35 bus={bus}", Machine(board="q35", bus=bus),
               full=True) for bus in Q35_BUSES],
    faulting("UD", "#UD invalid opcode", 0x100000, 0),
    faulting("DE", "#DE divide error", 0x100002, 0),
    faulting("BP", "#BP breakpoint", 0x100001, 0),
    faulting("GP", "#GP general protection", 0x100005, 0xFFF8),
    faulting("PF", "#PF page fault", 0x10000A, 2, 0x100000000),
    faulting("STACK", "#PF page fault", None, 2, 0x1FFFFFFF8),
    faulting("DEEP", "#PF page fault", None, 2, GUARD_LAST),
    faulting("DF", "#DF double fault", None, 0),
    faulting("JUMP", "#PF page fault", 0x123456789, 0, 0x123456789),
    faulting("MF", "#MF x87 FPU error"),
    faulting("NAMELESS", "reserved", 0x100002, 0),
    faulting("SCROLLED", "#UD invalid opcode"),
    faulting_again("NOSCREEN", "no page for the screen",
                   says=(message("E_FAULT", "#UD invalid opcode"),),
                   tells=(message("E_FAULT", "#UD invalid opcode"), FAULT_AGAIN)),
    faulting_again("NOREPORT", "no page for the report's variables",
                   shows=(FAULT_AGAIN,)),
    faulting_again("NOTHING", "no page for those and the screen",
                   says=(FAULT_AGAIN,), tells=(FAULT_AGAIN,)),
    faulting("UD", "#UD invalid opcode", what=", no VGA",
             machine=Machine(video="none")),
    faulting("UD", "#UD invalid opcode", what=", no serial line",
             machine=Machine(serial=False)),
    faulting("UD", "#UD invalid opcode", what=", no debug port",
             machine=Machine(debugcon=False)),
    faulting("UD", "#UD invalid opcode", unread=True,
             what=", nobody reads the serial line (HW-32)"),
    Row("kernel that returns", disk=kernel("RETURN"),
        shows=(message("E_KERNEL_RETURNED", 0x100000),)),
]
