"""A machine of gdb's own, and the symbols of what it boots: for debug.sh."""

import os
import re
import shlex

import gdb

import places


def machine():
    """QEMU, behind a relay that can go back.

    gdb starts it in a session of its own: a Ctrl-C at the terminal is not
    QEMU's. Its errors, which gdb would keep, go to debug.sh's descriptor 7.
    """
    return ["python3", os.environ["TOOLS"] + "/debug/relay.py",
            os.environ["IMAGE"], "-S", "-no-shutdown", "-monitor", "none",
            "-display", os.environ["MACHINE_DISPLAY"],
            "-serial", "chardev:com1", "-chardev",
            "file,id=com1,append=on,path="
            + os.environ["SERIAL"].replace(",", ",,")]


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
        gdb.execute("kill", to_string=True)


def machine_stopped(event):
    """QEMU says that the guest is at its end, and waits."""
    if isinstance(event, gdb.SignalEvent) and event.stop_signal == "SIGQUIT":
        print("The guest has switched itself off, or reset itself, as by a"
              " triple fault.\nback 1 shows the instruction that did it.")


class Serial(gdb.Command):
    """serial - what the guest wrote to COM1 so far."""

    def __init__(self):
        super().__init__("serial", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        with open(os.environ["SERIAL"], encoding="utf-8",
                  errors="replace") as log:
            print(log.read(), end="")


class Start(gdb.Command):
    """firstlight-start - symbols of all stages, then run to 0x7C00."""

    def __init__(self):
        super().__init__("firstlight-start", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        keep_dots()
        for elf in os.environ["LOADER_ELFS"].split("\n"):
            if elf:
                gdb.execute(f"add-symbol-file {shlex.quote(elf)}",
                            to_string=True)
        gdb.execute(f"target remote | exec {shlex.join(machine())} 2>&7",
                    to_string=True)
        gdb.execute(f"thbreak *{places.BOOT_SECTOR:#x}", to_string=True)
        gdb.execute("continue", to_string=True)
        places.run_to(os.environ.get("AT") or "0x7C00")
        places.show()
        print("Stops to come (c goes to the next):")
        gdb.execute("boundaries")
        print("""\
As usual: b NAME, c, s, n, si, p, x/i, info registers. And:
  at PLACE  go on until there          n16     step, over calls and BIOS calls
  mode      where and in which mode    serial  what the guest printed""")


for command in (Serial, Start):
    command()
gdb.events.stop.connect(machine_stopped)
# Since gdb 12; before, it does wait.
if hasattr(gdb.events, "gdb_exiting"):
    gdb.events.gdb_exiting.connect(end_machine)
