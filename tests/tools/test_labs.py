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
from check import check, locate, without_jobs	# noqa: E402
from definition import Lab, Piece, Tap, labs	# noqa: E402
from lab import start	# noqa: E402

LABS = labs()


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
    whole = path.read_text() if path.exists() else None
    start(LABS[number], copy)
    try:
        solved, said = make_lab(number, copy)
    finally:
        if whole is None:
            path.unlink()
        else:
            path.write_text(whole)
    assert not solved
    assert LABS[number].symptom in said, said
    assert re.search(r"promised  .* \(\S+:\d+\)", said), said
    assert len(said.splitlines()) < 80, said


def test_solved_is_said(copy):
    assert make_lab("7", copy) == (True, "lab 7: solved\n")


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
    path, whole = lab_alone("2", tmp_path, True)
    path.write_text(whole + "\n")
    git(tmp_path, "add", ".")
    with pytest.raises(ValueError, match="this would be lost"):
        start(LABS["2"], tmp_path)
    git(tmp_path, "commit", "-q", "-m", "solved")
    start(LABS["2"], tmp_path)


def test_a_file_that_git_does_not_have_is_copied(tmp_path):
    path, whole = lab_alone("2", tmp_path, False)
    git(tmp_path, "init", "-q")
    start(LABS["2"], tmp_path)
    assert path.with_name("a20.asm.orig").read_text() == whole


SAID = {
    "echo 1..1; echo ok 1 - test_a": ("solved", ""),
    "echo 1..2; echo ok 1 - test_a; echo not ok 2 - test_b; echo '# 1 != 2'":
        ("not yet", "got       1 != 2"),
    "echo 1..2; echo ok 1 - test_a": ("not yet", "it ended"),
    "echo 1..1; echo ok 1 - test_a; exit 3": ("not yet", "status 3"),
    "echo 1..1; echo ok 1 - test_a; kill -11 $$": ("not yet", "signal 11"),
    "echo 1..1; sleep 60 & wait": ("hang", "got       a hang: nothing was"),
    "yes": ("hang", "a hang: it printed more than"),
    "exec >&- 2>&-; sleep 60": ("hang", "a hang: it said no more"),
}


@pytest.mark.parametrize("script", SAID)
def test_verdict(script, tmp_path, monkeypatch):
    """A test program that is a script."""
    monkeypatch.setattr("check.QUIET_SECONDS", 3)
    monkeypatch.setattr("check.build", lambda *_: "")
    monkeypatch.setenv("BUILD", str(tmp_path))
    program = tmp_path / "test/test_it"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    (tmp_path / "file").write_text("/* all is\n * well */")
    lab = Lab(Piece("file", "", "", ""), "all is well", "main", "",
              (Tap("it", ()),))
    result = check("1", lab, tmp_path)
    verdict, words = SAID[script]
    assert result.verdict == verdict
    assert words in str(result)
    assert verdict == "solved" or "promised  all is well (file:1)" in \
        str(result)


@pytest.mark.parametrize("number", LABS)
def test_nothing_is_said_without_tools(number, tmp_path):
    """PATH leads nowhere."""
    environment = {name: value for name, value in os.environ.items()
                   if name != "QEMU"}
    done = subprocess.run(
        [sys.executable, "tests/labs/lab.py", "check", number],
        cwd=ROOT, env={**environment, "PATH": str(tmp_path)}, text=True,
        capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stdout == "  there is no qemu-system-x86_64\n" \
        f"lab {number}: cannot be checked\n"


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


@pytest.mark.parametrize("number", LABS)
def test_promises_stand_where_they_are_quoted(number):
    lab = LABS[number]
    promises = [(lab.promise, lab.header or lab.file), *(
        (one.promise, one.where or lab.header or lab.file)
        for run in lab.runs for one in run.checks)]
    for promise, file in promises:
        assert ":" in locate(promise, file, ROOT), promise


def test_the_page_tells_each_lab():
    page = (ROOT / "docs/labs.md").read_text()
    sections = dict(re.findall(r"^## (\w+)\. (.*?)(?=^## |\Z)", page,
                               re.MULTILINE | re.DOTALL))
    assert list(sections) == list(LABS)
    for number, lab in LABS.items():
        words = " ".join(sections[number].split())
        assert f"](../{lab.file})" in words
        assert lab.symptom in words
