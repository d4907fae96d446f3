"""Boot every row there is and write down what came of it.

    make matrix [ROWS=PATTERN] [RUNS=5] [JOBS=2]

Leaves BUILD/matrix.json and BUILD/matrix.html; what failed is kept under
BUILD/matrix/. Status 0: each row passed each time, or was skipped.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

# Other work may have the cores; a hang is no matter of seconds.
os.environ.setdefault("HANG_TIMEOUT", "180")

import matrix_page  # noqa: E402 the harness reads the environment
from harness import picture  # noqa: E402
from harness.guard import end_with_parent  # noqa: E402
from harness.machine import Machine  # noqa: E402
from harness.recipe import BUILD, Recipe  # noqa: E402
from harness.run import PROGRAMS, run  # noqa: E402
from harness.words import ENDS, ROOT  # noqa: E402
from table import ROWS  # noqa: E402

VERDICTS = ("passed", "failed", "flaky", "skipped")


# ---- A row in words -------------------------------------------------------

def changed(value, plain):
    """The fields of a dataclass that are not as they usually are."""
    return {name: getattr(value, name) for name in vars(plain)
            if getattr(value, name) != getattr(plain, name)}


def setting(row):
    """What is booted where: {what: value}"""
    return {"emulator": row.machine.emulator,
            **changed(row.machine, Machine()), **changed(row.disk, Recipe()),
            **dict(getattr(row, "switches", ()))}


def readable(pattern):
    """A pattern without the backslashes before what is no letter, and with
    "%" for any number in hexadecimal, as in docs/errors.md."""
    pattern = pattern.replace("(?![0-9A-Fa-f])", "")
    pattern = re.sub(r"\[0-9A-Fa-f\]\+|\[0-9A-F\]\{2\}", "%", pattern)
    return re.sub(r"\\([^\w\\])", r"\1", pattern)


def stated(row):
    """What must come of it, a sentence each."""
    places = {"shows": "everywhere", "says": "on COM1",
              "tells": "on port E9h", "draws": "on the screen",
              "never": "never"}
    lines = [f"{place}: {readable(pattern)}"
             for field, place in places.items()
             for pattern in getattr(row, field)]
    if row.visit:
        lines += [readable(line) for line in row.visit.stated()]
    if row.key:
        lines.append(f"after a key: {readable(row.key[1])}")
    if row.status is not None:
        lines.append(f"it ends with status {row.status}")
    return lines


def has_outcome(row):
    """Does the row say what must come of it?"""
    return bool(row.shows or row.says or row.draws or
                row.status is not None)


def last_words(serial):
    """The line that ended the boot, or the last there is."""
    lines = [line for line in serial.split("\n") if line.strip()]
    ends = [line for line in lines
            if any(re.search(end, line) for end in ENDS)]
    return (ends or lines or [""])[-1]


# ---- Booting --------------------------------------------------------------

def boot(number, again, kept):
    """Boot row NUMBER; what came of it. Runs in a process of its own."""
    row = ROWS[number]
    directory = kept / f"{number:04d}-{again}"
    try:
        done = run(row, directory)
        if not done.passed():
            picture.take(done)
    except Exception as error:  # a row must not end the others
        return {"problems": [f"the harness failed: {error!r}"],
                "seconds": 0, "command": "", "serial": "", "showed": ""}
    result = {"problems": done.problems, "seconds": round(done.seconds, 2),
              "command": done.command(), "serial": done.serial,
              "showed": last_words(done.serial)}
    if done.passed():
        shutil.rmtree(directory)
    else:
        result["kept"] = str(directory)
        if (directory / "screen.png").exists():
            result["screenshot"] = str(directory / "screen.png")
    return result


def verdict(runs):
    failures = sum(bool(result["problems"]) for result in runs)
    if not failures:
        return "passed"
    return "failed" if failures == len(runs) else "flaky"


class Progress:
    """One line that is written anew; where nobody looks, one a minute."""

    def __init__(self, total):
        self.total = total
        self.done = self.failed = 0
        self.began = self.shown = time.monotonic()

    def add(self, row, problems):
        self.done += 1
        if problems:
            self.failed += 1
            self.say(f"not ok {row.name}: {problems[0]}")
        self.show()

    def say(self, text):
        end = "\033[K" if sys.stdout.isatty() else ""
        print(f"\r{text}{end}" if end else text, flush=True)

    def show(self):
        now = time.monotonic()
        left = round((now - self.began) / self.done *
                     (self.total - self.done))
        line = (f"{self.done} of {self.total} boots, {self.failed} failed, "
                f"{left // 60}:{left % 60:02} left")
        if sys.stdout.isatty():
            print(f"\r  {line}\033[K", end="", flush=True)
        elif now - self.shown >= 60 or self.done == self.total:
            self.shown = now
            print(f"  {line}", flush=True)


def boot_all(numbers, runs, jobs, kept):
    """{number: [result of each run]}; all rows once, then all again."""
    results = {number: [] for number in numbers}
    progress = Progress(len(numbers) * runs)
    with concurrent.futures.ProcessPoolExecutor(
            jobs, initializer=end_with_parent) as pool:
        waiting = {pool.submit(boot, number, again, kept): number
                   for again in range(runs) for number in numbers}
        for future in concurrent.futures.as_completed(waiting):
            number = waiting[future]
            results[number].append(future.result())
            progress.add(ROWS[number], results[number][-1]["problems"])
    if sys.stdout.isatty():
        print()
    return results


# ---- Reporting ------------------------------------------------------------

def first_line(*command):
    """Of what a command prints; "" where there is none."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True,
                              text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip().split("\n")[0]


def about():
    """What the boots were made with: {what: version}"""
    found = {"sources": first_line("git", "describe", "--always", "--dirty"),
             "QEMU": first_line(*PROGRAMS["qemu"], "--version"),
             "node": first_line(*PROGRAMS["v86"], "--version")}
    return {what: version for what, version in found.items() if version}


def entry(row, runs, missing=()):
    """One row of the report."""
    return {"name": row.name, "verdict": verdict(runs) if runs else "skipped",
            "in_make_test": not row.full, "setting": setting(row),
            "must": stated(row), "missing": list(missing), "runs": runs}


def report(entries, directory):
    """Write matrix.json and matrix.html; {verdict: how many}"""
    counts = {word: sum(entry["verdict"] == word for entry in entries)
              for word in VERDICTS}
    whole = {"about": about(), "counts": counts, "rows": entries}
    (directory / "matrix.json").write_text(
        json.dumps(whole, indent=1, default=repr) + "\n")
    (directory / "matrix.html").write_text(matrix_page.page(whole))
    return counts


def arguments(words):
    parser = argparse.ArgumentParser(
        description="Boot every row of the matrix; see tests/boot/table.py.")
    parser.add_argument("--rows", default="", metavar="PATTERN",
                        help="only rows whose name matches")
    parser.add_argument("--runs", type=int, default=1, metavar="N",
                        help="boot each so often; who differs is flaky")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(),
                        metavar="N", help="so many at the same time")
    parser.add_argument("--out", type=pathlib.Path, default=BUILD,
                        metavar="DIRECTORY", help="where the report goes")
    return parser.parse_args(words)


def main(words=None):
    chosen = arguments(words)
    kept = chosen.out / "matrix"
    pattern = re.compile(chosen.rows, re.IGNORECASE)
    numbers = [number for number, row in enumerate(ROWS)
               if pattern.search(row.name)]
    lacking = {number: ROWS[number].missing() for number in numbers}
    ready = [number for number in numbers if not lacking[number]]
    shutil.rmtree(kept, ignore_errors=True)
    results = boot_all(ready, chosen.runs, chosen.jobs, kept)
    counts = report([entry(ROWS[number], results.get(number, []),
                           lacking[number]) for number in numbers],
                    chosen.out)
    for reason in sorted({", ".join(lacking[number]) for number in numbers
                          if lacking[number]}):
        print(f"skipped for want of {reason}")
    for number in ready:
        if verdict(results[number]) == "flaky":
            print(f"flaky: {ROWS[number].name}")
    print(f"{len(ready)} distinct boots, {chosen.runs} times each; "
          f"see {chosen.out}/matrix.html\n")
    print(f"{counts['passed']} passed, "
          f"{counts['failed'] + counts['flaky']} failed, "
          f"{counts['skipped']} skipped")
    return 0 if counts["passed"] and not (
        counts["failed"] or counts["flaky"]) else 1


if __name__ == "__main__":
    # Ctrl-C: not once all that waits has been done.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(main())
