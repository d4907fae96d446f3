"""The tree that the documents tell about: its files, and what went wrong."""

import functools
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
CODE = ("bootsector", "stage2", "diag", "kernel", "lib", "link", "tools",
        "user")
TESTS = ("tests",)


class Wrong(Exception):
    """What a person has to mend, in a sentence."""


def documents():
    """Names of all documents, as from the top of the tree."""
    return ["README.md", "CONTRIBUTING.md", *names(ROOT.glob("docs/*.md")),
            *names(ROOT.glob("docs/*/*.md"))]


def names(paths):
    return sorted(str(path.relative_to(ROOT)) for path in paths)


@functools.lru_cache(maxsize=None)
def files(*rooms):
    """Names of all files in these folders of the tree, but for what a student
    has handed in: it cites nothing."""
    return names(path for room in rooms for path in (ROOT / room).rglob("*")
                 if path.is_file() and "__pycache__" not in path.parts and
                 "submissions" not in path.parts)


@functools.lru_cache(maxsize=None)
def read(name):
    """The text of a file; "" if it holds no text."""
    data = (ROOT / name).read_bytes()
    return "" if b"\0" in data else data.decode(errors="replace")


def lines(name):
    return read(name).removesuffix("\n").split("\n")


def is_file(name):
    return (ROOT / name).is_file()


def find(pattern, *rooms):
    """{what the pattern fits: [files that hold it]}, both in order."""
    found = {}
    for name in files(*rooms):
        for word in re.findall(pattern, read(name)):
            found.setdefault(word, set()).add(name)
    return {word: sorted(found[word]) for word in sorted(found)}
