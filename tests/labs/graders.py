"""Grade the graders: each solution in wrong/ of a lab must fail with the
promise that its first line says, each in right/ must pass. Each is built once
and run RUNS times, JOBS at a time, beside LOAD loops that keep the host busy,
and each run must say the same, byte by byte. Of a diagnosis lab the answer must
be believed if it is right, and what is not mended must fail.

    python3 tests/labs/graders.py ["N ..."]

FEW=1 takes the first right solution of each lab, and the first wrong one that
a boot finds, if there is one. Exit status 1: the grader of one was wrong.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
import typing

from bugs import BUGS
from check import unwrapped
from command import build
from definition import ROOT, Guest, labs
from diagnosis import (CAUSE, CAUSES, MENDED, PLACE, Answer, check_handed_in,
                       judge, lab_of)
from workshop import Workshop, has_sandbox


def says(text):
    """What a wrong solution's first line says that the grader must say."""
    found = re.search(r"says: (.*?)\s*(\*/)?$", text.partition("\n")[0])
    if not found:
        raise ValueError("its first line does not say: says: PROMISE")
    return found[1]


def solution(lab, path):
    """The lab's file with this solution in it. One that says "without:" is the
    file as it is, but for tests of that name and lines of that text."""
    text = path.read_text()
    whole = (ROOT / lab.file).read_text() if lab.piece.first else ""
    missing = re.findall(r"without: (.*?) \*/", text)
    for words in missing:
        if words.startswith("test_"):
            whole, count = re.subn(
                rf"static void {words}\(void.*?^}}\n\n|"
                rf"^\tcmocka_unit_test_setup\({words},\s+start\),\n", "",
                whole.replace("\t\tcmocka", "\tcmocka"), flags=re.S | re.M)
        else:
            whole, count = re.subn(
                rf"^\s*{re.escape(words)}\n", "", whole, flags=re.M)
        if not count:
            raise ValueError(f"{path.name}: {lab.file} has no {words}")
    return whole if missing else lab.piece.replaced(whole, text)


class Often(typing.NamedTuple):
    """So many runs of each, so many at once."""
    runs: int = 1
    jobs: int = 1


def differences(results):
    """"" or the first two that differ."""
    other = next((one for one in results if one != results[0]), None)
    count = sum(one == results[0] for one in results)
    return "" if other is None else \
        f"{count} of {len(results)} runs say: {results[0].verdict}\n" \
        f"{results[0]}and another one: {other.verdict}\n{other}"


def examine(shop, name, lab, path, often=Often()):
    """"" or why the grader is wrong about this solution."""
    text = solution(lab, path)
    results = shop.check(name, lab, text.encode(), *often)
    result = results[0]
    if differences(results):
        return differences(results)
    if path.parent.name == "right":
        return "" if result.verdict == "solved" else \
            f"is right, but: {result.verdict}\n{result}"
    wanted = says(path.read_text())
    if result.verdict not in ("not yet", "hang", "does not build"):
        return f"is wrong, but: {result.verdict}"
    first = str(result.failures[0]) if result.failures else result.said
    return "" if wanted in first else \
        f"says not first: {wanted}, but: {result.verdict}\n{result}"


def few(lab):
    """A wrong solution that a boot finds, if there is one, and a right one."""
    promises = "\n".join(check.promise for run in lab.runs
                         if isinstance(run, Guest) or run.targets()[0]
                         .startswith("realmode/") for check in run.checks)
    wrong = lab.solutions("wrong")
    booted = [path for path in wrong if says(path.read_text()) in promises]
    return [(booted or wrong)[0], lab.solutions("right")[0]]


def examine_answers(bug):
    """"" or why the grader is wrong about answers on this bug."""
    line = min(bug.lines)
    other = next(cause for cause in CAUSES if cause != bug.cause)
    for answer, promises in (
            (Answer(bug.file, line, bug.cause), []),
            (Answer(bug.file, line - 1, bug.cause), [PLACE]),
            (Answer(f"{bug.file}x", line, bug.cause), [PLACE]),
            (Answer(bug.file, line, other), [CAUSE]),
            ("no answer", [PLACE])):
        told = [one.promise for one in judge(answer, bug, ROOT)]
        if told != promises:
            return f"of {answer} it says {told}"
    return ""


def examine_mending(shop, name, bug, often=Often()):
    """"" or why the grader is wrong about the file as it is without the bug,
    or with it."""
    answer = f"file: {bug.file}\nline: {min(bug.lines)}\n" \
        f"cause: {bug.cause}\n".encode()
    good = check_handed_in(shop, name, bug, answer,
                           (ROOT / bug.file).read_bytes(), often)
    bad = check_handed_in(shop, name, bug, answer, bug.text.encode(), often)
    if differences(good) or differences(bad):
        return differences(good) or differences(bad)
    if good[0].verdict != "solved":
        return f"is mended, but: {good[0].verdict}\n{good[0]}"
    promises = {one.promise for one in bad[0].failures}
    return "" if bad[0].verdict in ("not yet", "hang") and \
        promises == {MENDED} else \
        f"is not mended, but: {bad[0].verdict}\n{bad[0]}"


def one_diagnosis(shop, name, often):
    """How many answers and mendings it was wrong about."""
    began = time.monotonic()
    bug = BUGS[name]
    problem = build(lab_of(bug.run).runs[0].targets(), shop.root, shop.build,
                    unwrapped) or examine_answers(bug) or \
        examine_mending(shop, name, bug, often)
    print(f"{'not ok' if problem else 'ok'} lab {name}: "
          f"{problem or 'answers, mended and not'}, {often.runs} runs each, "
          f"{time.monotonic() - began:.0f} s", flush=True)
    return bool(problem)


def one_lab(shop, name, lab, often):
    """How many solutions it was wrong about."""
    shop.make([lab])
    began = time.monotonic()
    bad = 0
    paths = few(lab) if os.environ.get("FEW") else \
        lab.solutions("wrong") + lab.solutions("right")
    for path in paths:
        problem = examine(shop, name, lab, path, often)
        bad += bool(problem)
        if problem:
            print(f"not ok lab {name}: {path.parent.name}/{path.name} "
                  f"{problem}", flush=True)
    wrong = sum(path.parent.name == "wrong" for path in paths)
    print(f"{'not ok' if bad else 'ok'} lab {name}: {wrong} wrong, "
          f"{len(paths) - wrong} right, {often.runs} runs each, "
          f"{time.monotonic() - began:.0f} s", flush=True)
    return bad


def number(variable):
    return int(os.environ.get(variable) or 0)


def main():
    often = Often(max(1, number("RUNS")), max(1, number("JOBS")))
    known = labs("")
    every = [*known, *BUGS]
    chosen = " ".join(sys.argv[1:]).split() or every
    if not set(chosen) <= set(every):
        sys.exit(f"no such lab; there are {' '.join(every)}")
    busy = [subprocess.Popen(["sh", "-c", "while :; do :; done"])
            for _ in range(number("LOAD"))]
    wrong = 0
    try:
        with tempfile.TemporaryDirectory(prefix="firstlight-labs-") as folder:
            shop = Workshop(folder, has_sandbox())
            for name in chosen:
                wrong += one_diagnosis(shop, name, often) if name in BUGS \
                    else one_lab(shop, name, known[name], often)
    finally:
        for loop in busy:
            loop.kill()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
