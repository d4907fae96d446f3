"""The teacher's kit: nothing in it is about what is not there; the students'
tree lacks the answers, and the slides show what the tour shows."""

import os
import pathlib
import re
import subprocess
import sys
import tarfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEACHING = (ROOT / "docs/teaching.md").read_text()
ANSWERS = (ROOT / "docs/answers.md").read_text()
TOUR = sorted((ROOT / "docs/tour").glob("[0-9]*.md"))


def exercises(path):
    """{number: text} of a chapter's exercises"""
    text = path.read_text().partition("\n## Exercises\n")[2]
    parts = re.split(r"^(\d+)\. ", text, flags=re.M)[1:]
    return dict(zip(map(int, parts[::2]), parts[1::2]))


def test_questions_are_answered():
    """A question that an exercise ends on has an answer; so have the labs'."""
    answered = set(re.findall(r"^### (\S.*)$", ANSWERS, re.M))
    for path in TOUR:
        for number, text in exercises(path).items():
            last = " ".join(text.partition("*Check:*")[2].split())
            if re.search(r"\b([Ww]hy|[Ww]hich|[Ww]hat|How)\b[^.]*\?", last):
                name = f"{int(path.name[:2])}.{number}"
                assert name in answered, f"no answer to exercise {name}"
    questions = re.findall(r"^\d+\. .*\?", (ROOT / "docs/tour.md").read_text(),
                           re.M)
    block = ANSWERS.partition("## The tour's questions")[2].partition("\n## ")[0]
    assert len(re.findall(r"^\d+\. ", block, re.M)) == len(questions)


def test_what_it_names_is_there():
    """Exercises, labs, known bugs, and one answer to each question."""
    for chapter, number in re.findall(r"exercise (\d+)\.(\d+)", TEACHING):
        assert int(number) in exercises(TOUR[int(chapter)])
    for bug in re.findall(r"BUG=([\w-]+)", TEACHING):
        assert (ROOT / f"tests/museum/{bug}.patch").exists()
    labs = re.findall(r"^## (\d+)\. ", (ROOT / "docs/labs.md").read_text(),
                      re.M)
    for row in re.findall(r"^\| \d+ \| [^|]* \| ([^|]*) \|", TEACHING, re.M):
        assert set(re.findall(r"\d+", row)) <= set(labs)
    inventory = TEACHING.partition("## Concept inventory")[2]
    right = re.findall(r"\b(\d+) ([abcd])[,.]", ANSWERS.partition(
        "## The inventory")[2])
    assert [int(number) for number, _ in right] == list(range(1, 13))
    assert len(re.findall(r"^\d+\. ", inventory, re.M)) == 12
    assert len(re.findall(r"\bd\) ", inventory)) == 12


def test_handout(tmp_path):
    """No answers, no history; the lab's piece is gone, its documents are true."""
    subprocess.run(["sh", "tools/handout.sh", tmp_path], cwd=ROOT, check=True,
                   env={**os.environ, "LABS": "2"}, capture_output=True)
    with tarfile.open(tmp_path / "handout.tar.gz") as tar:
        names = tar.getnames()
    assert "firstlight/docs/labs.md" in names
    for name in names:
        assert not re.search(r"/\.git(/|$)|/build/|\.orig$|answers\.md|teaching"
                             r"\.md|/wrong/|/right/", name), name
    tree = tmp_path / "handout/firstlight"
    ours = (ROOT / "stage2/a20.asm").read_text()
    assert "DELAY_PORT" in ours.partition("a20_test:")[2].partition("ret")[0]
    gone = (tree / "stage2/a20.asm").read_text().partition("a20_test:")[2]
    assert "DELAY_PORT" not in gone.partition("ret")[0]
    done = subprocess.run([sys.executable, "-B", "tools/docs", "check",
                           tmp_path], cwd=tree, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stdout


def test_slides(tmp_path):
    """A slide for each chapter, and each of the tour's pictures."""
    pytest.importorskip("markdown_it", reason="sh tools/setup.sh --booklet")
    subprocess.run([sys.executable, "-B", "tools/booklet/slides.py", tmp_path],
                   cwd=ROOT, check=True)
    text = (tmp_path / "slides.html").read_text()
    assert text.count("<h1>") == len(TOUR)
    pictures = sum(path.read_text().count("![") for path in TOUR)
    assert text.count('src="data:image') == pictures
    assert "file://" not in text
