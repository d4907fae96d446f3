"""The labs of docs/labs.md: take a piece of the tree away, see whether it is
back.

    python3 tests/labs/lab.py start N
    BUILD=build python3 tests/labs/lab.py check N

`start` takes it away, unless something that was written would be lost. `check`
says which promises are not kept; exit status 0: the lab is solved, 1: not yet,
2: this cannot be told here. N is d1, d2, ... of a diagnosis lab, or d for that
of LAB_SEED: `start` makes a tree in BUILD/N, and `check` looks at that, or is
in it.
"""

import os
import shutil
import subprocess
import sys

from check import Result, check, unwrapped
from definition import ROOT, build_folder, labs
from diagnosis import NAMES, check_tree, own_lab


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
    text = ""
    if lab.piece.first:
        keep(path, lab.file)
        text = path.read_text()
    elif path.exists():
        raise ValueError(f"{lab.file} is there, and this would be lost. To "
                         f"throw it away: rm {lab.file}")
    text = lab.piece.replaced(text, lab.piece.left)
    for move in lab.moves:
        text = move.done(text)
    path.write_text(text)


STATUS = {"solved": 0, "cannot be checked": 2}


def diagnosis(action, name):
    """`start` or `check`; a Result of the latter."""
    here = (ROOT / "tests/labs/diagnosis.json").exists()
    tree = ROOT if here else ROOT / build_folder() / name
    if action == "check":
        if not (tree / "tests/labs/diagnosis.json").exists():
            return Result("not yet", said=f"  {tree} is not there: make "
                          f"lab-start LAB={name}\n")
        return check_tree(tree, build_folder() if here else tree / "build",
                          unwrapped)
    try:
        from bugs import make_tree	# pylint: disable=C0415
        tree = make_tree(name)
    except ImportError:
        sys.exit(f"lab {name} cannot start: this tree does not know the bugs")
    except ValueError as error:
        sys.exit(f"lab {name} cannot start: {error}")
    print(f"lab {name}: {tree} has one bug, and answer.txt to fill in, see "
          "docs/labs.md")
    return None


def tell(name, result):
    """Prints it, and ends with its status."""
    print(result, end="")
    print(f"lab {name}: {result.verdict}")
    sys.exit(STATUS.get(result.verdict, 1))


def main():
    known = labs()
    if len(sys.argv) == 3 and sys.argv[1] in ("start", "check") and \
            sys.argv[2] in ("d", *NAMES):
        name = sys.argv[2]
        if name == "d":
            name = own_lab(os.environ.get("LAB_SEED", ""))
        result = diagnosis(sys.argv[1], name)
        if result:
            tell(name, result)
        return
    if len(sys.argv) != 3 or sys.argv[1] not in ("start", "check") or \
            sys.argv[2] not in known:
        sys.exit("usage: make lab-start LAB=N, make lab LAB=N; N is one of "
                 f"{' '.join(known)}, d, or d1 to d20, see docs/labs.md")
    name = sys.argv[2]
    lab = known[name]
    if sys.argv[1] == "check":
        tell(name, check(name, lab))
    try:
        start(lab)
    except ValueError as error:
        sys.exit(f"lab {name} cannot start: {error}")
    print(f"lab {name}: {lab.file} "
          f"{'has lost a piece' if lab.piece.first else 'is yours to write'}"
          ", see docs/labs.md")


if __name__ == "__main__":
    main()
