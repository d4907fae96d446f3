"""A machine of gdb's own, and the symbols of what it boots: for debug.sh."""

import contextlib
import os
import re
import shlex

import gdb

import boot
import elf
import places


def machine():
    """QEMU, behind a relay that can go back.

    gdb starts it in a session of its own: a Ctrl-C at the terminal is not
    QEMU's. Its errors, which gdb would keep, go to debug.sh's descriptor 7.
    """
    return ["sh", os.environ["TOOLS"] + "/debug/machine.sh"]


def keep_dots():
    """gdb takes a name such as main.chs for one of another language, and
    writes main[chs]; it must not, unless there are names of C++ or Rust."""
    name = gdb.current_progspace().filename
    if name:
        with open(name, "rb") as elf:
            if re.search(rb"\0_[ZR]", elf.read()):
                return
    gdb.execute("set print demangle off")


def end_machine(_event):
    """gdb ends. It would let the guest go, and wait seconds for QEMU's end."""
    if gdb.selected_inferior().pid:
        with contextlib.suppress(gdb.error):  # the relay may be gone first
            gdb.execute("kill", to_string=True)


def machine_stopped(event):
    """QEMU says that the guest is at its end, and waits."""
    if isinstance(event, gdb.SignalEvent) and event.stop_signal == "SIGQUIT":
        print("The guest has switched itself off, or reset itself, as by a"
              " triple fault.\nback 1 shows the instruction that did it.")


MAGIC, STAGE2 = slice(512, 516), 1024  # lib/boot/image.h


def loader_elfs():
    """Boot sector's and stage 2's files that the image is made of, if any, from
    the first folder that has them; says so where there are none."""
    with open(os.environ["IMAGE"], "rb") as file:
        image = file.read(65536)
    if image[MAGIC] != b"FLIT":
        print("The image's loader is not ours: no names for it.")
        return []
    for folder in os.environ["LOADER_FOLDERS"].split("\n"):
        path = os.path.join(folder, "stage2.elf")
        code = os.path.isfile(path) and elf.section(path, ".image")
        if code and image[STAGE2:STAGE2 + len(code)] == code:
            return [os.path.join(folder, "bootsector.elf"), path]
    print("The image's loader is of another build: no names for it.")
    return []


class Serial(gdb.Command):
    """serial - what the guest wrote to COM1 so far."""

    def __init__(self):
        super().__init__("serial", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        if "SERIAL" not in os.environ:
            raise gdb.GdbError("this gdb has not started the machine; LISTEN="
                               " keeps the serial line\nas a file beside the"
                               " image, debug-serial.log")
        with open(os.environ["SERIAL"], encoding="utf-8",
                  errors="replace") as log:
            print(log.read().rstrip("\n"))


class Start(gdb.Command):
    """firstlight-start - symbols of all stages, then run to 0x7C00."""

    def __init__(self):
        super().__init__("firstlight-start", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        keep_dots()
        # Since gdb 12; before, it does wait.
        if hasattr(gdb.events, "gdb_exiting"):
            gdb.events.gdb_exiting.connect(end_machine)
        for path in loader_elfs():
            gdb.execute(f"add-symbol-file {shlex.quote(path)}", to_string=True)
        gdb.execute(f"target remote | exec {shlex.join(machine())} 2>&7",
                    to_string=True)
        boot.watch()
        gdb.execute(f"thbreak *{places.BOOT_SECTOR:#x}", to_string=True)
        gdb.execute("continue", to_string=True)
        place = os.environ.get("AT")
        if place:
            places.run_to(place)
        gdb.execute("mode")
        passed = [one.symbol for one in boot.watched if one.reached]
        stops = gdb.execute(f"boundaries {' '.join(passed)}", to_string=True)
        print("Stops to come (c goes to the next):\n" + stops if stops else
              "Stops to come: none, the kernel runs.\n", end="")
        print("""\
As usual: b NAME, c, s, n, si, p, x/8i $pc. And (help NAME tells more):
  at PLACE  go on until there        n16       step, over calls and BIOS calls
  back [N]  go back N instructions   when-written ADDRESS  go back to who wrote
  boot      the milestones           regs gdt idt ivt pt e820 bios  in words
  mode      where, in which mode     serial    what the guest printed""")


for command in (Serial, Start):
    command()
gdb.events.stop.connect(machine_stopped)
