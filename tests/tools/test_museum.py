"""The museum of known bugs: each can still be made, and one is found."""

import re
import subprocess
import sys

import pytest

from conftest import BUILD, ROOT

sys.path.insert(0, str(ROOT / "tests/museum"))

import explore	# noqa: E402 # as conftest.py has it
import museum	# noqa: E402 # found by the line above

BUGS = museum.bugs()
SCENARIOS = explore.scenarios()
PROGRAMS = [path.stem for path in (ROOT / "user/programs").glob("*.c")]


def test_there_are_many():
    assert len(BUGS) >= 15


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_bug_can_be_made(bug):
    """The patch fits the sources, tells its story, and is explored or run."""
    done = subprocess.run(["patch", "-f", "-F0", "-p1", "--dry-run", "-i",
                           bug.path], cwd=ROOT, text=True, capture_output=True,
                          check=False)
    assert done.returncode == 0, done.stdout
    assert bug.found
    assert bug.story.endswith(".") and "\n\n" not in bug.story
    kind, name = re.match("(explore|run)=([\\w-]+)", bug.words).groups()
    assert name in (SCENARIOS if kind == "explore" else PROGRAMS)


def test_one_is_found_and_replayed():
    done = subprocess.run(
        [sys.executable, ROOT / "tests/museum/museum.py", BUILD / "museum",
         "lost-wake-up"], text=True, capture_output=True, check=False)
    assert re.fullmatch(r"ok lost-wake-up: a thread waits, and nobody will wake "
                        r"it: explore=semaphore:c\d+, \d+ s\n"
                        r"1 bugs, 0 not found or not replayed\n",
                        done.stdout), done.stdout


def test_none_of_that_name():
    done = subprocess.run(
        [sys.executable, ROOT / "tests/museum/museum.py", BUILD / "museum",
         "nothing"], text=True, capture_output=True, check=False)
    assert "no bug is called nothing" in done.stderr
    assert done.returncode == 2
