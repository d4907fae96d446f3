"""Known bugs of code that runs at once, and of what stands between programs and
the kernel: is each found, and can it be replayed?

    python3 tests/museum/museum.py DIRECTORY [NAME...]

Each *.patch beside this file tells of one, names what explores it, or the
program that runs into it, and what is found, and makes it in a copy of the
kernel in DIRECTORY. That kernel must find it. Each of three replays of the
schedule that it prints must end in the same panic, after the same instructions;
each of three more runs of the program must print the same. Exit status 1: one
did not.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests/boot"))
from harness import built, guard  # noqa: E402
REPLAYS = 3
# Seconds: a kernel that takes longer never ends.
HANG = 600
PARTS = ["Makefile", "VERSION", "bootsector", "diag", "kernel", "lib", "link",
         "stage2", "tests", "tools", "uefi", "user"]


class Bug:
    def __init__(self, path):
        self.path = path
        self.name = path.stem
        text = path.read_text()
        head = re.match(r"(.+?)\n\n(Explore|Run): (.+)\nFound: (.+)\n\n", text,
                        re.DOTALL)
        self.story, kind, name, self.found = head.groups()
        self.words = (f"explore={name}" if kind == "Explore" else
                      f"run={name} exit")


def bugs():
    return [Bug(path) for path in sorted(HERE.glob("*.patch"))]


class Copy:
    """The sources in a directory of their own, and the kernel made of them."""

    def __init__(self, directory):
        self.tree = directory / "tree"
        self.build = self.tree / "build"
        # With what was built of a bug that was left behind.
        shutil.rmtree(self.tree, ignore_errors=True)
        self.tree.mkdir(parents=True)
        for part in PARTS:
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, self.tree / part)
            else:
                shutil.copy2(ROOT / part, self.tree)
        built.share(self.tree)

    def patch(self, bug, *options):
        """None, or what patch said. It asks nothing, and guesses nothing."""
        done = subprocess.run(
            ["patch", "-f", "-F0", "-p1", "-i", bug.path, *options],
            cwd=self.tree, text=True, check=False, capture_output=True)
        return done.stdout + done.stderr if done.returncode else None

    def make(self):
        """None, or what make said."""
        done = subprocess.run(
            ["make", "BUILD=build", "build/kernel.elf", "build/programs.tar",
             "build/mkimage"],
            cwd=self.tree, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.stdout if done.returncode else None

    def boot(self, words):
        """(the panic page of a boot with these words, or what the program that
        was run has said; None if all was well), and all that was said"""
        try:
            done = guard.run(
                [sys.executable, self.tree / "tests/boot/explore.py", "--once",
                 *words.split()], cwd=self.tree, text=True, timeout=HANG,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                env={**os.environ, "BUILD": str(self.build),
                     "PYTHONDONTWRITEBYTECODE": "1"})
        except subprocess.TimeoutExpired:
            return None, f"nothing in {HANG} s\n"
        found = re.match("KERNEL PANIC|firstlight: ready", done.stdout)
        return done.returncode == 1 and found and done.stdout, done.stdout


def told(bug, said):
    """Message, the words that replay it, and how far that is, or all that the
    program has said: ("...", "explore=lock:c37", "instruction ...")"""
    message, row = said.split("\n")[1], [None, bug.words, said]
    if bug.words.startswith("explore"):
        row = re.search(r"^(explore=\S+) \((.*)\)$", said, re.MULTILINE) or row
    return message, row[1], row[2]


def show(copy, bug):
    """(was it found and replayed?, what to say)"""
    start = time.monotonic()
    page, said = copy.boot(bug.words)
    seconds = time.monotonic() - start
    if not page:
        return False, f"not found:\n{said}"
    found = told(bug, page)
    if found[0] != bug.found:
        return False, f"another panic:\n{said}"
    for _ in range(REPLAYS):
        page, said = copy.boot(found[1])
        if not page or told(bug, page) != found:
            return False, f"found as {found}, replayed as:\n{said}"
    return True, f"{found[0]}: {found[1]}, {seconds:.0f} s"


def try_out(copy, bug):
    problem = copy.patch(bug)
    if problem:
        return False, problem
    try:
        problem = copy.make()
        return (False, problem) if problem else show(copy, bug)
    finally:
        copy.patch(bug, "-R")


def main():
    names = [name for name in sys.argv[2:] if name]
    known = [bug.name for bug in bugs()]
    for name in names:
        if name not in known:
            print(f"no bug is called {name}; there are {', '.join(known)}",
                  file=sys.stderr)
            return 2
    chosen = [bug for bug in bugs() if not names or bug.name in names]
    copy = Copy(pathlib.Path(sys.argv[1]).resolve())
    missed = 0
    for bug in chosen:
        well, words = try_out(copy, bug)
        missed += not well
        print(f"{'ok' if well else 'not ok'} {bug.name}: {words}", flush=True)
    print(f"{len(chosen)} bugs, {missed} not found or not replayed")
    return 1 if missed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(main())
