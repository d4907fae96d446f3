"""The labs of docs/labs.md: take a piece of the tree away, see whether it is
back.

    python3 tests/labs/lab.py start N
    BUILD=build python3 tests/labs/lab.py check N

`start` takes it away, unless something that was written would be lost. `check`
runs what can only pass with it, once all is built; exit status 0: the lab is
solved, 1: not yet, 2: this cannot be told here.
"""

import dataclasses
import importlib.util
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


@dataclasses.dataclass(frozen=True)
class Lab:
    """Away goes what lies from the line that starts with `first` until before
    the one that starts with `before`, "" for the end; `left` takes its place.
    `tests` are for pytest; `host` is a test of tests/host, which comes before
    them."""
    file: str
    first: str
    before: str
    left: str
    tests: tuple
    host: str = ""


MATRIX = "tests/boot/test_matrix.py::test_matrix"
FAULT = "tests/boot/test_faults.py::test_fault"
PLAIN = f"{MATRIX}[the README's command]"

LABS = {
    1: Lab("bootsector/bootsector.asm", "mov ax, [bp + frame.lba]",
           "les bx, [bp + frame.buffer]", "",
           (f"{MATRIX}[qemu bus=floppy]", PLAIN)),
    2: Lab("stage2/a20.asm", "a20_test:", "; port_92_open -",
           "a20_test:\n\tclc\n\tret\n\n",
           ("tests/realmode/test_realmode.py::test_realmode[a20]", PLAIN)),
    3: Lab("stage2/modes.asm", "mov edi, pdpt", "; entries_write -",
           "\tret\n\n",
           (f"{MATRIX}[protocol: as it comes]",
            f"{MATRIX}[kernel fault: DEEP]", PLAIN)),
    4: Lab("kernel/cpu/interrupt_entry.asm", "%if vector >= EXCEPTIONS",
           "push qword vector", "",
           (f"{FAULT}[ud]", f"{FAULT}[gp]", f"{FAULT}[pf]",
            f"{FAULT}[interrupt]", PLAIN)),
    5: Lab("lib/frame_pool.c", "/* Nothing answers from here to the end",
           "/* A frame whose state says already",
           "paddr_t frame_pool_take(struct frame_pool *pool, "
           "enum frame_owner owner)\n{\n"
           "\t(void)pool;\n\t(void)owner;\n\treturn 0;\n}\n\n", (PLAIN,),
           "frame_pool"),
    6: Lab("lib/paging.c", "bool paging_walk(", "paddr_t paging_physical(",
           "bool paging_walk(paddr_t root, vaddr_t address,\n"
           "\t\t bool (*read)(paddr_t from, uint64_t *entry),\n"
           "\t\t struct paging_walk *walk)\n{\n"
           "\t(void)root;\n\t(void)address;\n\t(void)read;\n"
           "\t*walk = (struct paging_walk){ .levels = 1 };\n"
           "\treturn false;\n}\n\n",
           ("tests/boot/test_monitor.py::test_pagewalk",), "paging"),
    7: Lab("tests/foreign/module.c", "struct boot_info {", "",
           "static void out(unsigned short port, unsigned char value)\n{\n"
           '\t__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));\n'
           "}\n\nvoid _start(const void *info)\n{\n\t(void)info;\n"
           "\tout(0xF4, 0x10); /* leaves QEMU with status 33 */\n"
           '\tfor (;;)\n\t\t__asm__ volatile("cli; hlt");\n}\n',
           (f"{MATRIX}[foreign kernel prints its module]",)),
}


# ---- Start ---------------------------------------------------------------

def is_committed(path):
    """Whether the file is as git has it; None: git has no such file."""
    def git(*arguments):
        return subprocess.run(["git", *arguments, "--", path.name],
                              cwd=path.parent, capture_output=True,
                              check=False).returncode
    try:
        if git("ls-files", "--error-unmatch") != 0:
            return None
        return {0: True, 1: False}.get(git("diff", "--quiet", "HEAD"))
    except FileNotFoundError:
        return None


def keep(path, name):
    """See to it that the file, as it is, can be had again: from git, or from
    a copy. ValueError: that would cost another text of it."""
    committed = is_committed(path)
    if committed is False:
        raise ValueError(f"{name} differs from what git has of it, and this "
                         "would be lost. Commit it, or throw it away: "
                         f"git checkout HEAD -- {name}")
    original = path.with_name(path.name + ".orig")
    if committed:
        return
    if original.exists() and original.read_bytes() != path.read_bytes():
        raise ValueError(f"{name} differs from {name}.orig, and this would be "
                         f"lost. To throw it away: cp {name}.orig {name}")
    shutil.copyfile(path, original)


def start(lab, root=ROOT):
    """Take the piece away; ValueError: it is not there, or the file was
    written in."""
    path = root / lab.file
    keep(path, lab.file)
    lines = path.read_text().splitlines(keepends=True)
    plain = [" ".join(line.split()) for line in lines]
    found = [number for number, line in enumerate(plain)
             if line.startswith(lab.first)]
    if len(found) != 1:
        raise ValueError(f"{lab.file}: {len(found)} lines start with "
                         f"{lab.first!r}, not one")
    ends = [number for number, line in enumerate(plain)
            if number > found[0] and line.startswith(lab.before)]
    if not lab.before:
        ends = [len(lines)]
    if not ends:
        raise ValueError(f"{lab.file}: no line starts with {lab.before!r}")
    lines[found[0]:ends[0]] = [lab.left]
    path.write_text("".join(lines))


# ---- Check ---------------------------------------------------------------

# pytest's exit status when all tests passed or were skipped; its own are small.
SKIPPED = 64


def without_jobs(flags):
    """MAKEFLAGS for a make that is on its own: the pipe of a `make -j` is
    closed here. Variables such as CC=clang stay."""
    words = re.findall(r"(?:\\.|[^\s\\])+", flags)
    return " ".join(word for word in words
                    if not word.startswith(("-j", "--jobserver-")))


def missing():
    """What no lab can be checked without, and is not here."""
    qemu = os.environ.get("QEMU", "qemu-system-x86_64")
    return [*([] if shutil.which(qemu) else [qemu]),
            *([] if importlib.util.find_spec("pytest") else
              [f"pytest in {sys.executable}"])]


def pytest_sessionfinish(session, exitstatus):
    """For pytest, whose plugin this file is, too: a skip proves nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == 0 and reporter.stats.get("skipped"):
        session.exitstatus = SKIPPED


def check(lab, root=ROOT):
    """Run the lab's tests: (exit status, what to say)."""
    if missing():
        return 2, f"cannot be checked: there is no {', '.join(missing())}"
    build = pathlib.Path(os.environ.get("BUILD", root / "build"))
    path = [str(ROOT / "tests/labs"), os.environ.get("PYTHONPATH", "")]
    environment = {"HANG_TIMEOUT": "20", "PYTHONDONTWRITEBYTECODE": "1",
                   **os.environ,
                   "PYTHONPATH": os.pathsep.join(filter(None, path)),
                   "MAKEFLAGS": without_jobs(os.environ.get("MAKEFLAGS", ""))}

    def run(command):
        return subprocess.run(command, cwd=root, env=environment,
                              check=False).returncode

    program = f"{build}/test/test_{lab.host}"
    if lab.host and (run(["make", f"BUILD={build}", program]) != 0 or
                     run([program]) != 0):
        return 1, "not yet"
    status = run([sys.executable, "-m", "pytest", "-q", "-x", "-rfEs",
                  "--tb=short", "-p", "no:cacheprovider", "-p", "lab",
                  *lab.tests])
    said = {0: (0, "solved"), 1: (1, "not yet"),
            SKIPPED: (2, "cannot be checked: a test was skipped")}
    return said.get(status, (2, "cannot be checked: pytest ended with status "
                                f"{status}"))


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("start", "check") or \
            sys.argv[2] not in map(str, LABS):
        sys.exit(f"usage: make lab-start LAB=N, make lab LAB=N; N is 1 to "
                 f"{max(LABS)}, see docs/labs.md")
    number = int(sys.argv[2])
    lab = LABS[number]
    if sys.argv[1] == "check":
        status, said = check(lab)
        print(f"lab {number}: {said}")
        sys.exit(status)
    try:
        start(lab)
    except ValueError as error:
        sys.exit(f"lab {number} cannot start: {error}")
    print(f"lab {number}: {lab.file} has lost a piece, see docs/labs.md")


if __name__ == "__main__":
    main()
