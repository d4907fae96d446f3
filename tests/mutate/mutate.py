"""Make each mistake of mutations.py in a copy and see some boot turn red.

    python3 tests/mutate/mutate.py DIRECTORY [WORD]

DIRECTORY is for the copy; with WORD only mutations that have it in their
name or file. Exit status 1: a mutation survived, or could not be made.
"""

import concurrent.futures
import os
import pathlib
import queue
import shutil
import signal
import subprocess
import sys

from mutation import mutated
from mutations import MUTATIONS

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGETS = ["all", "boot-kernels", "realmode-images"]
COPIES = os.cpu_count()


class Copy:
    """The sources in a directory of their own, and what is built of them."""

    def __init__(self, directory):
        shutil.rmtree(directory, ignore_errors=True)
        self.tree = directory / "tree"
        self.build = directory / "build"
        self.tree.mkdir(parents=True)
        for source in ROOT.iterdir():
            if source.name.startswith(".") or source.name == "build" or \
                    source in self.tree.parents:
                continue
            if source.is_dir():
                shutil.copytree(source, self.tree / source.name)
            elif not source.is_symlink():
                shutil.copy(source, self.tree)
        self.environment = {**os.environ, "BUILD": str(self.build),
                            "HANG_TIMEOUT": "20",
                            "PYTHONDONTWRITEBYTECODE": "1"}

    def make(self):
        """None, or what make said."""
        done = subprocess.run(
            ["make", f"BUILD={self.build}", *TARGETS], cwd=self.tree,
            env=self.environment, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.stdout if done.returncode else None

    def red(self, boots):
        """The first of the boots that is red, and why; "" if none is."""
        done = subprocess.run(
            [sys.executable, "tests/mutate/play.py", *boots], cwd=self.tree,
            env=self.environment, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.stdout if done.returncode else ""

    def try_out(self, mutation):
        """(did a boot turn red?, what to say)"""
        path = self.tree / mutation.file
        good = path.read_text()
        try:
            path.write_text(mutated(mutation, good))
        except ValueError as problem:
            return False, f"can't be made: {problem}"
        failed = self.make()
        told = failed or self.red(mutation.boots)
        path.write_text(good)
        if failed:
            return False, f"does not build:\n{failed}"
        if not told:
            return False, f"SURVIVED {', '.join(mutation.boots)}"
        return True, told.splitlines()[0]


def main():
    word = sys.argv[2] if len(sys.argv) > 2 else ""
    chosen = [mutation for mutation in MUTATIONS
              if word in f"{mutation.file}: {mutation.what}"]
    copies = queue.SimpleQueue()
    for number in range(COPIES):
        copy = Copy(pathlib.Path(sys.argv[1]).resolve() / str(number))
        problem = copy.make()
        if problem:
            print(problem)
            return 1
        copies.put(copy)
    problem = copy.red(sorted(
        {name for mutation in chosen for name in mutation.boots}))
    if problem:
        print(f"not ok mutate: red without any mistake\n{problem}")
        return 1

    def try_out(mutation):
        copy = copies.get()
        try:
            return copy.try_out(mutation)
        finally:
            copies.put(copy)

    survived = 0
    with concurrent.futures.ThreadPoolExecutor(COPIES) as pool:
        for mutation, (killed, told) in zip(chosen,
                                            pool.map(try_out, chosen)):
            survived += not killed
            print(f"{'ok' if killed else 'not ok'} {mutation.file}: "
                  f"{mutation.what}: {told}", flush=True)
    print(f"{len(chosen)} mutations, {survived} survived")
    return 1 if survived or not chosen else 0


if __name__ == "__main__":
    # Ctrl-C: not once all that waits has been done.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(main())
