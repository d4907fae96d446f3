"""docs/labs.md: each lab fails at its start, and is solved by the tree."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/labs"))

from lab import LABS, start	# noqa: E402 # found by the line above

# What `make lab` shows of a lab that was started; the page tells it, too.
SYMPTOMS = {
    1: "Boot error M 00",
    2: "not ok a20: the BIOS opens it",
    3: "a triple fault",
    4: "KERNEL PANIC in interrupt_return()",
    5: "test_takes_usable_frames_only",
    6: "test_walk_shows_each_step",
    7: "never said 'define BLOB_MODULE'",
}


@pytest.fixture(scope="module", name="copy")
def fixture_copy(tmp_path_factory):
    """A tree to take pieces from."""
    tree = tmp_path_factory.mktemp("labs") / "tree"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(
        "build", ".git", "__pycache__", "compile_commands.json"))
    return tree


def make_lab(number, tree):
    """(whether it is solved, what was said)"""
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("BUILD", "MAKEFLAGS", "MFLAGS")}
    done = subprocess.run(
        ["make", "-s", f"-j{os.cpu_count()}", "lab", f"LAB={number}"],
        cwd=tree, check=False,
        env={**environment, "HANG_TIMEOUT": "12"}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert ("solved" if done.returncode == 0 else "not yet") in done.stdout, \
        done.stdout
    return done.returncode == 0, done.stdout


@pytest.mark.parametrize("number", LABS)
def test_start_fails(number, copy):
    path = copy / LABS[number].file
    whole = path.read_text()
    start(LABS[number], copy)
    try:
        solved, said = make_lab(number, copy)
    finally:
        path.write_text(whole)
    assert not solved
    assert SYMPTOMS[number] in said, said


def test_solved_is_said(copy):
    assert make_lab(max(LABS), copy)[0]


@pytest.mark.parametrize("number", LABS)
def test_twice_is_refused(number, copy):
    """The piece is found by lines that are in it, or are left when it is
    gone: then nothing more is lost."""
    path = copy / LABS[number].file
    whole = path.read_text()
    start(LABS[number], copy)
    once = path.read_text()
    try:
        start(LABS[number], copy)
    except ValueError as error:
        assert LABS[number].first in str(error)
    assert path.read_text() == once
    path.write_text(whole)


def test_the_tree_is_the_answer():
    """These tests exist, and so pass: the suite runs them all."""
    names = {name for lab in LABS.values() for name in lab.tests}
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p",
         "no:cacheprovider", *names], cwd=ROOT, capture_output=True,
        text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    for lab in LABS.values():
        assert not lab.host or \
            (ROOT / f"tests/host/test_{lab.host}.c").exists()


def test_the_page_tells_each_lab():
    page = (ROOT / "docs/labs.md").read_text()
    sections = dict(re.findall(r"^## (\d+)\. (.*?)(?=^## |\Z)", page,
                               re.MULTILINE | re.DOTALL))
    assert list(sections) == [str(number) for number in LABS]
    for number, lab in LABS.items():
        words = " ".join(sections[str(number)].split())
        assert f"](../{lab.file})" in words
        assert SYMPTOMS[number] in words
