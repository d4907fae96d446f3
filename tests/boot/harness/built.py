"""What make has built, for a copy of the sources: make finds it up to date."""

import os
import shutil

from .words import ROOT

# What names no folder of this machine.
PARTS = ("boot", "bootsector", "diag", "host", "kernel", "link", "programs",
         "stage2", "test", "user")
LEFT_OUT = ("compile_commands.json", "debug-serial.log")


def share(tree):
    """Copy it into the `build` of a tree whose files have the times of ours.

    Not of a build elsewhere: its lists of dependencies and its flags name that
    place, and make would build all of it again.
    """
    ours = ROOT / "build"
    if ROOT / os.environ.get("BUILD", "build") != ours or not ours.exists():
        return
    (tree / "build").mkdir(exist_ok=True)
    for path in ours.iterdir():
        if path.is_dir() and path.name in PARTS:
            shutil.copytree(path, tree / "build" / path.name, symlinks=True)
        elif path.is_file() and path.name not in LEFT_OUT:
            shutil.copy2(path, tree / "build")
