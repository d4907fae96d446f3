"""Grade the graders: each solution in wrong/ of a lab must fail with the promise
that its first line says, each in right/ must pass, RUNS times with the same
result, beside LOAD loops that keep the host busy.

    python3 tests/labs/graders.py [N]

Exit status 1: one of them did not.
"""

import os
import re
import subprocess
import sys
import tempfile
import time

from definition import ROOT, labs
from workshop import Workshop, has_sandbox


def says(text):
    """What a wrong solution's first line says that the grader must say."""
    found = re.search(r"says: (.*?)\s*(\*/)?$", text.partition("\n")[0])
    if not found:
        raise ValueError("its first line does not say: says: PROMISE")
    return found[1]


def examine(shop, name, lab, path, runs=1):
    """"" or why the grader is wrong about this solution."""
    file = ROOT / lab.file
    text = lab.piece.replaced(file.read_text() if lab.piece.first else "",
                              path.read_text())
    results = shop.check(name, lab, text.encode(), runs)
    told = {(one.verdict, tuple(failure.promise for failure in one.failures))
            for one in results}
    result = results[0]
    if len(told) > 1:
        return f"{runs} runs differ: {sorted(told)}"
    if path.parent.name == "right":
        return "" if result.verdict == "solved" else \
            f"is right, but: {result.verdict}\n{result}"
    wanted = says(path.read_text())
    if result.verdict not in ("not yet", "hang", "does not build"):
        return f"is wrong, but: {result.verdict}"
    first = str(result.failures[0]) if result.failures else result.said
    return "" if wanted in first else \
        f"says not first: {wanted}, but: {result.verdict}\n{result}"


def main():
    runs = int(os.environ.get("RUNS") or 1)
    known = labs("")
    chosen = [sys.argv[1]] if sys.argv[1:] and sys.argv[1] else list(known)
    if not set(chosen) <= set(known):
        sys.exit(f"no such lab; there are {' '.join(known)}")
    busy = [subprocess.Popen(["sh", "-c", "while :; do :; done"])
            for _ in range(int(os.environ.get("LOAD") or 0))]
    wrong = 0
    try:
        with tempfile.TemporaryDirectory(prefix="firstlight-labs-") as folder:
            shop = Workshop(folder, has_sandbox())
            for name in chosen:
                wrong += one_lab(shop, name, known[name], runs)
    finally:
        for loop in busy:
            loop.kill()
    return 1 if wrong else 0


def one_lab(shop, name, lab, runs):
    """How many solutions it was wrong about."""
    shop.make([lab])
    began = time.monotonic()
    bad = 0
    paths = lab.solutions("wrong") + lab.solutions("right")
    for path in paths:
        problem = examine(shop, name, lab, path, runs)
        bad += bool(problem)
        if problem:
            print(f"not ok lab {name}: {path.parent.name}/{path.name} "
                  f"{problem}", flush=True)
    print(f"{'not ok' if bad else 'ok'} lab {name}: "
          f"{len(lab.solutions('wrong'))} wrong, "
          f"{len(lab.solutions('right'))} right, {runs} runs each, "
          f"{time.monotonic() - began:.0f} s", flush=True)
    return bad


if __name__ == "__main__":
    sys.exit(main())
