"""The bugs of the diagnosis labs, by their names in tests/museum and in
tests/mutate/mutations.py. Whoever has a lab's tree must not have this file.
"""

import dataclasses
import difflib
import functools
import json
import shutil
import subprocess
import sys
import tempfile

from definition import ROOT, build_folder
from diagnosis import ANSWER, blank_answer, seal
from workshop import LEFT_OUT

sys.path[:0] = [str(ROOT / "tests/museum"), str(ROOT / "tests/mutate")]
# Found by the line above.
from museum import HERE, Bug as Patch	# noqa: E402
from mutation import mutated	# noqa: E402
from mutations import MUTATIONS	# noqa: E402

# A line so far from the changed ones is the bug's place, too.
NEAR = 2
DISCLOSE = ("tests/labs/bugs.py", "tests/museum",
            "tests/mutate/mutations.py", "docs/answers.md",
            "docs/teaching.md")


@dataclasses.dataclass(frozen=True)
class Bug:
    """name   of a patch of the museum; or of a mutation, behind its file
    cause  one of CAUSES
    """
    name: str
    cause: str

    @functools.cached_property
    def mutation(self):
        file, _, what = self.name.partition(": ")
        return next((one for one in MUTATIONS
                     if (one.file, one.what) == (file, what)), None)

    @functools.cached_property
    def patch(self):
        return Patch(HERE / f"{self.name}.patch")

    @property
    def run(self):
        """The words of diagnosis.run_of()."""
        if self.mutation:
            return next(boot for boot in self.mutation.boots
                        if boot.startswith("realmode: "))
        return self.patch.words

    @property
    def file(self):
        if self.mutation:
            return self.mutation.file
        return next(line.removeprefix("+++ b/") for line in
                    self.patch.path.read_text().splitlines()
                    if line.startswith("+++ b/"))

    @functools.cached_property
    def text(self):
        """The file with the bug."""
        good = (ROOT / self.file).read_text()
        if self.mutation:
            lines = mutated(self.mutation, good).splitlines(keepends=True)
            # A line that is gone leaves no gap.
            return "".join(new for new, old in
                           zip(lines, good.splitlines(keepends=True))
                           if new == old or new.strip())
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                ["patch", "-s", "-f", "-F0", "-o", f"{folder}/text",
                 ROOT / self.file, self.patch.path], text=True, check=False,
                capture_output=True)
            if done.returncode:
                raise ValueError(f"{self.name}: {done.stdout}")
            with open(f"{folder}/text", encoding="utf-8") as file:
                return file.read()

    @functools.cached_property
    def lines(self):
        """Numbers that name the bug's place."""
        good = (ROOT / self.file).read_text().splitlines()
        changes = difflib.SequenceMatcher(None, good, self.text.splitlines(),
                                          False).get_opcodes()
        return {line for kind, _, _, first, end in changes if kind != "equal"
                for line in range(first + 1 - NEAR, end + 1 + NEAR)}


BUGS = {f"d{number}": bug for number, bug in enumerate((
    Bug("stage2/video.asm: 40 columns left", "not-checked"),
    Bug("stage2/disk.asm: cylinder's high bits lost", "wrong-number"),
    Bug("stage2/bios.asm: DS not reloaded", "register-lost"),
    Bug("stage2/modes.asm: last bytes not copied", "wrong-number"),
    Bug("stage2/a20.asm: reset by port 92h", "wrong-number"),
    Bug("stage2/bios.asm: interrupts left off", "interrupts"),
    Bug("stage2/console.asm: UART awaited for ever", "no-bound"),
    Bug("stage2/keys.asm: an old byte of COM1 read", "not-checked"),
    Bug("stage2/memory.asm: an entry beyond 2^64 taken for an empty one",
        "not-checked"),
    Bug("stage2/disk.asm: a reset's CF taken for the read's",
        "register-lost"),
    Bug("heap-without-lock", "no-lock"),
    Bug("interrupts-left-on", "interrupts"),
    Bug("ticket-in-two-steps", "two-steps"),
    Bug("lost-wake-up", "look-before-lock"),
    Bug("join-without-lock", "look-before-lock"),
    Bug("unlock-then-wait", "two-steps"),
    Bug("interrupts-on-too-early", "order"),
    Bug("idle-looks-too-early", "interrupts"),
    Bug("shootdown-not-served", "waits-for-each-other"),
    Bug("killed-while-it-spawns", "not-given-back"),
), 1)}


def seals(name, bug):
    return [seal(name, bug.file, line, bug.cause)
            for line in sorted(bug.lines)]


def make_tree(name):
    """A tree with the bug, and without what tells of it; its folder.
    ValueError: it is there."""
    bug, tree = BUGS[name], ROOT / build_folder() / name
    if tree.exists():
        raise ValueError(f"{tree} is there, and this would be lost. To throw "
                         f"it away: rm -r {tree}")
    shutil.copytree(ROOT, tree, ignore=LEFT_OUT, symlinks=True,
                    copy_function=shutil.copyfile)
    for path in map(tree.joinpath, DISCLOSE):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    (tree / bug.file).write_text(bug.text)
    (tree / ANSWER).write_text(blank_answer(name))
    (tree / "tests/labs/diagnosis.json").write_text(json.dumps(
        {"name": name, "run": bug.run, "seals": seals(name, bug)}, indent=1))
    # The tour quotes what is there.
    subprocess.run(["sh", "tools/python.sh", "-B", "tools/docs", "update"],
                   cwd=tree, check=False, capture_output=True)
    for path in tree.rglob("*"):
        if path.is_file() and not path.is_symlink():
            shutil.copystat(ROOT / "VERSION", path)
            path.chmod(0o755 if path.suffix == ".sh" else 0o644)
    return tree
