"""docs/labs.md: each lab fails at its start, and is solved by the tree."""

import dataclasses
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
from bugs import BUGS, DISCLOSE, make_tree, seals	# noqa: E402
from check import check, locate	# noqa: E402
from command import without_jobs	# noqa: E402
from definition import Lab, Piece, Tap, labs	# noqa: E402
from diagnosis import (ANSWER, CAUSE, CAUSES, MENDED, PLACE,	# noqa: E402
                       Answer, blank_answer, judge_sealed, own_lab,
                       read_answer)
from grade import as_csv, as_junit, grade	# noqa: E402
from graders import (examine, examine_answers,	# noqa: E402
                     examine_mending, says)
from lab import start	# noqa: E402
from workshop import Workshop, built, has_sandbox	# noqa: E402

LABS = labs()


@pytest.fixture(scope="module", name="copy")
def fixture_copy(tmp_path_factory):
    """A tree to take pieces from."""
    tree = tmp_path_factory.mktemp("labs") / "tree"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(
        "build", ".git", "__pycache__", "compile_commands.json"))
    built.share(tree)
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
@pytest.mark.parametrize("number", [number for number, lab in LABS.items()
                                    if lab.piece.first])
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


def test_a_file_of_ones_own_is_not_lost(tmp_path):
    (tmp_path / LABS["0"].file).parent.mkdir(parents=True)
    start(LABS["0"], tmp_path)
    with pytest.raises(ValueError, match="this would be lost.*: rm "):
        start(LABS["0"], tmp_path)


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
    "echo 1..1; sleep 60 & wait": ("hang", "got       a hang: no end after"),
    "yes": ("hang", "a hang: it printed 1048576"),
    "exec >&- 2>&-; sleep 60": ("hang", "a hang: no end after"),
}


@pytest.mark.parametrize("script", SAID)
def test_verdict(script, tmp_path, monkeypatch):
    """A test program that is a script."""
    monkeypatch.setattr("command.QUIET_SECONDS", 3)
    monkeypatch.setattr("check.build", lambda *_: "")
    monkeypatch.setenv("BUILD", str(tmp_path))
    program = tmp_path / "labs/test_it"
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
        assert f"](../{lab.file})" in words or not lab.piece.first
        assert lab.symptom in words


# ---- Diagnosis ---------------------------------------------------------------

@pytest.mark.parametrize("name", BUGS)
def test_an_answer_is_judged(name):
    bug = BUGS[name]
    assert bug.text != (ROOT / bug.file).read_text()
    assert bug.cause in CAUSES
    assert examine_answers(bug) == ""


def test_the_students_tree_knows_the_answer_by_its_seal():
    bug = BUGS["d1"]
    told = {"name": "d1", "seals": seals("d1", bug)}
    right = Answer(bug.file, min(bug.lines), bug.cause)
    assert judge_sealed(right, told, ROOT) == []
    for wrong in (dataclasses.replace(right, line=right.line - 1),
                  dataclasses.replace(right, cause="stale"), "none"):
        assert judge_sealed(wrong, told, ROOT)


@pytest.mark.parametrize("text, said", [
    ("", "no line that says file:"), ("file: a\n", "line:"),
    ("file: a\nline: x\ncause: stale\n", "no number"),
    ("file: a\nline: 1\ncause: bad\n", "the causes are interrupts, "),
    (blank_answer("d1"), "file:")])
def test_what_is_no_answer(text, said):
    assert said in read_answer(text)


def test_an_answer_is_read():
    assert read_answer("file: ./a.c\r\nline:  7\ncause: stale\n") == Answer(
        "a.c", 7, "stale")


@pytest.mark.parametrize("name", ["d1", "d4"])
def test_what_is_not_mended_fails(name, shop):
    assert examine_mending(shop, name, BUGS[name]) == ""


def test_the_tree_with_a_bug(tmp_path, monkeypatch):
    """It does not say which, and shows the symptom."""
    monkeypatch.setenv("BUILD", str(tmp_path))
    bug, tree = BUGS["d3"], make_tree("d3")
    with pytest.raises(ValueError, match="this would be lost.*: rm -r "):
        make_tree("d3")
    differ = [path for path in tree.rglob("*") if path.is_file() and (
        ROOT / path.relative_to(tree)).exists() and path.read_bytes() !=
              (ROOT / path.relative_to(tree)).read_bytes()]
    assert tree / bug.file in differ
    assert all(path == tree / bug.file or path.suffix == ".md"
               for path in differ), differ
    words = (tree / "tests/labs/diagnosis.json").read_text()
    assert bug.file not in words and bug.cause not in words
    for path in DISCLOSE + (".git",):
        assert not (tree / path).exists()
    assert len({path.stat().st_mtime for path in tree.rglob("*")
                if path.is_file() and not path.is_symlink()}) == 1
    solved, said = make_lab("d3", tree)
    assert not solved
    assert "not ok" in said or "expected  ok bios" in said, said
    assert "no line that says file:" in said


@pytest.mark.parametrize("name, seeded", [("d1", False), ("d", True)])
def test_a_diagnosis_is_handed_in(name, seeded, tmp_path, monkeypatch):
    """Without the mended file; the answer is looked at."""
    student, lab = "alice", name if name != "d" else own_lab("alice")
    assert own_lab("alice") != own_lab("bob")
    bug = BUGS[lab]
    if seeded:
        monkeypatch.setenv("SEEDED", "1")
    folder = tmp_path / "from" / student / f"lab{name}"
    folder.mkdir(parents=True)
    (folder / ANSWER).write_text(
        f"file: {bug.file}\nline: {min(bug.lines)}\ncause: stale\n")
    row, = grade(tmp_path / "from", LABS, tmp_path / "shop", has_sandbox(), 1)
    assert (row["lab"], row["verdict"]) == (lab, "not yet")
    assert row["promise"] == f"{MENDED}; {CAUSE}"
    assert row["got"] == "no such file was handed in; stale"
    assert row["replay"].endswith(f"/alice/lab{name}")
    (folder / ANSWER).unlink()
    row, = grade(tmp_path / "from", LABS, tmp_path / "shop", has_sandbox(), 1)
    assert (row["verdict"], row["got"]) == ("refused",
                                            "answer.txt is missing")


def test_the_page_tells_of_diagnosis():
    page = " ".join((ROOT / "docs/labs.md").read_text().split())
    assert list(BUGS) == [f"d{number}" for number in range(1, 21)]
    for promise in (PLACE, CAUSE, MENDED):
        assert promise in page


# ---- The graders, graded ---------------------------------------------------

def quick(lab, kind):
    """Solutions that need no kernel: `make grade-graders` has all."""
    runs = lab.runs[:1] if kind == "wrong" else lab.runs
    if any("kernel.elf" in run.targets() for run in runs):
        return []
    return lab.solutions(kind)[:1]


@pytest.fixture(scope="module", name="shop")
def fixture_shop(tmp_path_factory):
    return Workshop(tmp_path_factory.mktemp("shop"), has_sandbox())


@pytest.mark.parametrize("number, path", [
    pytest.param(number, path, id=f"{number}-{kind}")
    for number, lab in LABS.items() for kind in ("wrong", "right")
    for path in quick(lab, kind)])
def test_grader_is_right(number, path, shop):
    assert examine(shop, number, LABS[number], path) == ""


@pytest.mark.parametrize("number", LABS)
def test_solutions_are_there(number):
    lab = LABS[number]
    if number in map(str, range(8)):
        assert len(lab.solutions("wrong")) >= 10
        assert len(lab.solutions("right")) >= 3
    promises = {check.promise for run in lab.runs for check in run.checks}
    for path in lab.solutions("wrong"):
        said = says(path.read_text())
        assert number == "0" or said in promises | {lab.promise} or \
            number not in map(str, range(8))


@pytest.mark.skipif(not has_sandbox(), reason="needs bwrap")
def test_the_example_is_graded():
    build = os.environ.get("BUILD", "build")
    grades = ROOT / build / "grades"
    shutil.rmtree(grades, ignore_errors=True)
    done = subprocess.run(
        ["make", "-s", f"BUILD={build}", "grade",
         "FROM=tests/labs/submissions"], cwd=ROOT, text=True,
        capture_output=True, check=True)
    assert done.stdout == (ROOT / "tests/labs/submissions.csv").read_text()
    assert (grades / "grades.csv").read_text() == done.stdout
    assert (grades / "grades.xml").read_text().count("<failure") == 4
    assert not list(grades.glob("*.new"))


def test_the_example_is_of_this_tree():
    """What is handed in differs from the file in the lab's piece alone."""
    for path in (ROOT / "tests/labs/submissions").glob("*/lab[0-9]*/*"):
        lab = LABS.get(path.parent.name.removeprefix("lab"))
        if lab and lab.piece.first and path.name == \
                pathlib.Path(lab.file).name:
            piece = dataclasses.replace(
                lab.piece, first=lab.piece.first.partition("(")[0])
            assert piece.replaced(path.read_text(), "") == piece.replaced(
                (ROOT / lab.file).read_text(), ""), path


@pytest.mark.skipif(not has_sandbox(), reason="needs bwrap")
def test_one_is_kept_to_be_looked_at(tmp_path):
    """What it says to type runs there."""
    done = subprocess.run(
        [sys.executable, "tests/labs/grade.py", "--of",
         "tests/labs/submissions/bob/lab2", str(tmp_path)], cwd=ROOT,
        text=True, capture_output=True, check=True)
    place, kernel, image = re.search(
        r"replay    cd (\S+) && KERNEL=(\S+) .*debug.sh (\S+)\n",
        done.stdout).groups()
    assert (pathlib.Path(place) / LABS["2"].file).read_text() == (
        ROOT / "tests/labs/submissions/bob/lab2/a20.asm").read_text()
    assert os.path.exists(kernel) and os.path.exists(image)
    assert done.stdout.endswith("bob/lab2: not yet\n")


def test_hostile_submissions_are_refused(tmp_path):
    """Each with a reason, and none ends the others'."""
    source = tmp_path / "from"

    def hand_in(student, lab="lab2"):
        folder = source / student / lab
        folder.mkdir(parents=True)
        return folder

    (hand_in("a") / "a20.asm").symlink_to("/etc/passwd")
    (hand_in("b") / "a20.asm").write_bytes(b"ret\n" + b"x" * (256 << 10))
    (hand_in("c") / "a20.asm").write_bytes(b"ret\0")
    hand_in("d")
    (hand_in("e") / "a20.asm").mkdir()
    os.mkfifo(hand_in("f") / "a20.asm")
    hand_in("=g()\n")
    hand_in("h", "lab99")
    (source / "i").symlink_to("/etc")
    (source / "j").write_text("")
    (hand_in("k") / "Makefile").write_text("all:")
    (hand_in("l", "x\x1b[2J"))
    rows = grade(source, LABS, tmp_path / "none", True, 2)
    assert {row["verdict"] for row in rows} == {"refused"}
    reasons = {row["student"]: row["got"] for row in rows}
    for student, words in {
            "a": "is a link", "b": "more than 262144 bytes", "c": "a byte 0",
            "d": "a20.asm is missing", "e": "is no file", "f": "is no file",
            "'=g()\\x0a": "a student's name", "h": "no such lab",
            "i": "is no folder", "j": "is no folder",
            "k": "Makefile is not the lab's file",
            "l": "no such lab"}.items():
        assert words in reasons[student]
    assert len(reasons) == 12
    printed = as_csv(rows) + as_junit(rows)
    assert re.fullmatch(r"[ -~\n]*", printed)


@pytest.mark.skipif(not has_sandbox(), reason="needs bwrap")
def test_the_sandbox_holds(shop):
    def inside(script, writes=False):
        return subprocess.run(shop.wrap(["sh", "-c", script], writes),
                              capture_output=True, check=False).returncode

    assert inside("true") == 0
    assert inside(f"test -e {ROOT}/tests/labs") != 0
    assert inside("test -e /etc/passwd || test -e /root") != 0
    assert inside(f"touch {shop.build}/x") != 0
    assert inside(f"touch {shop.root}/x", True) != 0
    assert inside(f"touch {shop.build}/x", True) == 0
    assert inside("[ $(grep -c : /proc/net/dev) -gt 1 ]") != 0
    assert not list(shop.root.glob("tests/labs/*/right"))


def test_without_a_sandbox_nothing_is_graded(tmp_path):
    (tmp_path / "sh").symlink_to("/bin/sh")
    done = subprocess.run(
        [sys.executable, "tests/labs/grade.py", "tests/labs/submissions",
         str(tmp_path / "out")], cwd=ROOT, text=True, capture_output=True,
        env={**os.environ, "PATH": str(tmp_path)}, check=False)
    assert done.returncode == 2
    assert "ALLOW_UNSANDBOXED=1" in done.stderr
    assert not (tmp_path / "out").exists()


SEEDED = ("0", "1", "2", "3", "5", "7", "14", "15", "17")


def test_seeds():
    alice, bob = labs("alice"), labs("bob")
    assert labs("alice")["0"] == alice["0"]
    for number, lab in labs("").items():
        differs = (alice[number].piece, alice[number].moves) != (
            bob[number].piece, bob[number].moves)
        assert differs == (number in SEEDED), number
        assert lab.moves == ()


@pytest.mark.parametrize("number", [number for number, lab in
                                    labs("alice").items() if lab.moves])
def test_a_seed_moves_constants(number, tmp_path):
    """They can be moved, and are missed."""
    lab = labs("alice")[number]
    path, whole = lab_alone(number, tmp_path, False)
    start(lab, tmp_path)
    assert all(move.is_in(path.read_text()) and not move.is_in(whole)
               for move in lab.moves)
    path.write_text(whole)
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs/labs.md", tmp_path / "docs")
    result = check(number, lab, tmp_path)
    assert result.verdict == "not yet"
    assert "is it this LAB_SEED?" in str(result)
    assert "docs/labs.md:" in result.failures[0].where


@pytest.mark.skipif(not has_sandbox(), reason="needs bwrap")
def test_a_solution_with_its_seed(shop):
    """Right for one student, and not for another."""
    alice, bob = labs("alice"), labs("bob")

    def seeded(number, solution):
        text = alice[number].piece.replaced(
            (ROOT / LABS[number].file).read_text(),
            (LABS[number].folder / "right" / solution).read_text())
        for move in alice[number].moves:
            text = move.done(text)
        return text.encode()

    for number, solution in (("1", "01-xchg.asm"), ("2", "01-bytes.asm")):
        text = seeded(number, solution)
        result = shop.check(number, alice[number], text)[0]
        assert result.verdict == "solved", str(result)
        assert shop.check(number, bob[number], text)[0].verdict == "not yet"
    text = seeded("7", "01-offsets.c")
    letter, status = re.search(r"Print (.) first; .* (0x..) to",
                               alice["7"].piece.left).groups()
    text = text.replace(b"0xF4, 0x10", f"0xF4, {status}".encode()).replace(
        b"\tunsigned int count", f"\tout(0x3F8, '{letter}');\n"
        "\tunsigned int count".encode())
    assert shop.check("7", alice["7"], text)[0].verdict == "solved"
    assert shop.check("7", bob["7"], text)[0].verdict == "not yet"
