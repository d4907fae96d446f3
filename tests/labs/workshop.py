"""A copy of the tree in which other people's solutions are checked, each in
the place of the lab's piece or file, in a sandbox where there is bubblewrap.

In the sandbox there is no network and no other process; of this machine's files
there are programs and libraries, and the copy, which has no solutions in it.
Only make and mkimage write, into the copy's build folder; neither runs what
they have compiled.
"""

import pathlib
import shutil
import subprocess
import sys

from check import Checker, unwrapped
from command import build
from definition import ROOT, build_folder

sys.path.insert(0, str(ROOT / "tests/boot"))
from harness import built	# noqa: E402 # found by the line above

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/opt",
          "/etc/alternatives", "/etc/ld.so.cache", "/nix", "/gnu")
LEFT_OUT = shutil.ignore_patterns(".git", "build", "__pycache__",
                                  "compile_commands.json", "right", "wrong",
                                  "submissions", "*.orig")

def has_sandbox():
    """Whether bubblewrap is there and works: some kernels forbid it."""
    return shutil.which("bwrap") is not None and subprocess.run(
        ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"],
        capture_output=True, check=False).returncode == 0


class Workshop:
    """A copy, for one check at a time; kept: the text it checked stays, to be
    looked at."""

    def __init__(self, folder, sandbox, kept=False):
        self.folder = pathlib.Path(folder).resolve()
        self.sandbox, self.kept = sandbox, kept
        self.root = self.folder / "tree"
        self.build = self.root / "build"
        shutil.copytree(ROOT, self.root, ignore=LEFT_OUT, symlinks=True)
        built.share(self.root)
        (self.build / "labs").mkdir(parents=True, exist_ok=True)

    def wrap(self, argv, writes=False):
        """A command in the sandbox."""
        if not self.sandbox:
            return argv
        toolchain = ROOT / build_folder() / "toolchain"
        readable = [*SYSTEM, *filter(None, [str(toolchain)])]
        return ["bwrap", "--unshare-all", "--die-with-parent",
                "--new-session", "--cap-drop", "ALL",
                *(word for path in readable
                  for word in ("--ro-bind-try", path, path)),
                "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp",
                "--tmpfs", "/var/tmp",
                "--ro-bind", str(self.root), str(self.root),
                "--bind" if writes else "--ro-bind", str(self.build),
                str(self.build), "--chdir", str(self.root), *argv]

    def make(self, labs):
        """Build what the labs need, of our own; RuntimeError."""
        wrong = build({target for lab in labs if (self.root / lab.file).exists()
                       for run in lab.runs for target in run.targets()},
                      self.root, self.build, unwrapped)
        if wrong:
            raise RuntimeError(f"the tree itself does not build:\n{wrong}")

    def check(self, name, lab, text, times=1, jobs=1, file=""):
        """Results, as Checker.check(), of this text of the lab's file, or of
        another."""
        path = self.root / (file or lab.file)
        original = path.read_bytes() if path.exists() else None
        path.write_bytes(text)
        try:
            return Checker(name, lab, self.root, self.build,
                           self.wrap).check(times, jobs)
        finally:
            if self.kept:
                pass
            elif original is None:
                path.unlink()
            else:
                path.write_bytes(original)
