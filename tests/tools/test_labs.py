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

# Found by the line above.
from lab import LABS, Lab, check, start, without_jobs	# noqa: E402

# What `make lab` shows of a lab that was started; the page tells it, too.
SYMPTOMS = {
    1: "Boot error M 00",
    2: "not ok a20: closed again",
    3: "a triple fault",
    4: "KERNEL PANIC in interrupt_return()",
    5: "test_takes_usable_frames_only",
    6: "test_walk_shows_each_step",
    7: "never said 'define BLOB_MODULE'",
}


# Seconds without news after which a guest hangs. Lab 1 waits for all of them,
# for a boot that never comes.
HANG = {1: 30}
OTHER_HANG = 60


@pytest.fixture(scope="module", name="copy")
def fixture_copy(tmp_path_factory):
    """A tree to take pieces from."""
    tree = tmp_path_factory.mktemp("labs") / "tree"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(
        "build", ".git", "__pycache__", "compile_commands.json"))
    return tree


def make_lab(number, tree):
    """(whether it is solved, what was said); nothing gets installed"""
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("BUILD", "MAKEFLAGS", "MFLAGS")}
    environment["HANG_TIMEOUT"] = str(HANG.get(number, OTHER_HANG))
    done = subprocess.run(
        ["make", "-s", f"-j{os.cpu_count()}", "-o", "need-test", "lab",
         f"LAB={number}"], cwd=tree, check=False, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert ("solved" if done.returncode == 0 else "not yet") in done.stdout, \
        done.stdout
    assert "jobserver" not in done.stdout, done.stdout
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
    first = re.search("not ok .*", said)
    assert not first or first[0] == SYMPTOMS[number], said


def test_solved_is_said(copy):
    assert make_lab(max(LABS), copy)[0]


def git(tree, *arguments):
    subprocess.run(["git", "-c", "user.name=alice", "-c", "user.email=alice",
                    *arguments], cwd=tree, check=True, capture_output=True)


def lab_alone(number, tree, with_git):
    """A tree of the lab's file alone; (its path, its text)"""
    path = tree / LABS[number].file
    path.parent.mkdir(parents=True)
    shutil.copyfile(ROOT / LABS[number].file, path)
    if with_git:
        git(tree, "init", "-q")
        git(tree, "add", ".")
        git(tree, "commit", "-q", "-m", "all")
    return path, path.read_text()


@pytest.mark.parametrize("with_git", [True, False], ids=["git", "no git"])
@pytest.mark.parametrize("number", LABS)
def test_twice_is_refused(number, with_git, tmp_path):
    """Neither a solution, which has the lines that a start looks for, nor a
    start gets lost."""
    path, whole = lab_alone(number, tmp_path, with_git)
    start(LABS[number], tmp_path)
    once = path.read_text()
    for written in (once, whole + "\n"):
        path.write_text(written)
        with pytest.raises(ValueError, match="this would be lost") as refused:
            start(LABS[number], tmp_path)
        assert path.read_text() == written
    # The last words are a command.
    subprocess.run(str(refused.value).rsplit(": ", maxsplit=1)[-1], shell=True,
                   cwd=tmp_path, check=True, capture_output=True)
    assert path.read_text() == whole
    start(LABS[number], tmp_path)
    assert path.read_text() == once


def test_what_is_staged_is_not_lost(tmp_path):
    path, whole = lab_alone(2, tmp_path, True)
    path.write_text(whole + "\n")
    git(tmp_path, "add", ".")
    with pytest.raises(ValueError, match="this would be lost"):
        start(LABS[2], tmp_path)
    git(tmp_path, "commit", "-q", "-m", "solved")
    start(LABS[2], tmp_path)


def test_a_file_that_git_does_not_have_is_copied(tmp_path):
    path, whole = lab_alone(2, tmp_path, False)
    git(tmp_path, "init", "-q")
    start(LABS[2], tmp_path)
    assert path.with_name("a20.asm.orig").read_text() == whole


VERDICTS = {
    "def test(): pass": (0, "solved"),
    "def test(): assert False": (1, "not yet"),
    "import pytest\ndef test(): pytest.skip('needs a cow')\n"
    "def test_more(): pass": (2, "cannot be checked: a test was skipped"),
    "import no_such_module":
        (2, "cannot be checked: pytest ended with status 2"),
}


@pytest.mark.parametrize("text", VERDICTS)
def test_verdict(text, tmp_path):
    (tmp_path / "test_it.py").write_text(text)
    lab = Lab("", "", "", "", ("test_it.py",))
    assert check(lab, tmp_path) == VERDICTS[text]


@pytest.mark.parametrize("number", LABS)
@pytest.mark.parametrize("options, lacks", [
    ((), "qemu-system-x86_64"), (("-I", "-S"), "pytest")],
    ids=["no QEMU", "no pytest"])
def test_nothing_is_said_without_tools(number, options, lacks, tmp_path):
    """PATH leads nowhere; -S takes Python's packages away."""
    environment = {name: value for name, value in os.environ.items()
                   if name != "QEMU"}
    done = subprocess.run(
        [sys.executable, *options, "tests/labs/lab.py", "check", str(number)],
        cwd=ROOT, env={**environment, "PATH": str(tmp_path)}, text=True,
        capture_output=True, check=False)
    assert done.returncode == 2
    assert f"lab {number}: cannot be checked: there is no " in done.stdout
    assert lacks in done.stdout


def test_make_looks_for_the_tools():
    done = subprocess.run(["make", "-n", "lab", "LAB=1"], cwd=ROOT, text=True,
                          capture_output=True, check=True)
    assert "tools/setup.sh --check" in done.stdout


@pytest.mark.parametrize("flags, left", [
    ("", ""), (" -j4 --jobserver-auth=3,4", ""),
    ("s -j --jobserver-fds=3,4 -- CC=clang", "s -- CC=clang"),
    (r"-j2 --jobserver-auth=fifo:/tmp/1 -- FLAGS=-O\ -j4 BUILD=-j",
     r"-- FLAGS=-O\ -j4 BUILD=-j")])
def test_without_jobs(flags, left):
    assert without_jobs(flags) == left


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
