"""Grade many submissions: DIR/STUDENT/labN/FILE, FILE named as the lab's file.

    python3 tests/labs/grade.py DIR OUT
    python3 tests/labs/grade.py --of DIR/STUDENT/labN OUT

prints a CSV and writes it to OUT/grades.csv, beside grades.json and
grades.xml (JUnit), each completely or not at all. A submission that cannot be
taken is refused, with a reason, and the others are graded. Each student's
LAB_SEED is the student's name with SEEDED=1. JOBS: checks at a time.

--of says all that `make lab` says of one, and leaves it in OUT/tree, where the
commands that replay it run.

Exit status 0: all were graded, whatever came of it; 2: nothing was.
"""

import concurrent.futures
import csv
import dataclasses
import io
import json
import os
import pathlib
import queue
import re
import shlex
import shutil
import stat
import sys
import tempfile
from xml.sax.saxutils import quoteattr

from bugs import BUGS
from check import Result
from definition import labs
from diagnosis import ANSWER, check_handed_in, own_lab
from workshop import Workshop, has_sandbox

SIZE_MAX = 256 * 1024
NAME = r"[A-Za-z0-9_][A-Za-z0-9._@-]{0,63}"
COLUMNS = ("student", "lab", "verdict", "promise", "where", "expected", "got",
           "replay")


class Refused(Exception):
    """Why a submission is not taken."""


def visible(text):
    """For any reader: no control characters, and no spreadsheet's formula."""
    text = text.encode("ascii", "backslashreplace").decode()
    text = re.sub(r"[^ -~]", lambda found: f"\\x{ord(found[0]):02x}", text)
    return f"'{text}" if text[:1] in tuple("=+-@") else text


def read(path):
    """A regular file's bytes; Refused. It is opened once, so that nobody
    changes what it is in between."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Refused(f"{path.name} cannot be opened, or is a link: "
                      f"{error.strerror}") from error
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise Refused(f"{path.name} is no file")
    with open(number, "rb") as file:
        text = file.read(SIZE_MAX + 1)
    if len(text) > SIZE_MAX:
        raise Refused(f"{path.name} has more than {SIZE_MAX} bytes")
    if b"\0" in text:
        raise Refused(f"{path.name} has a byte 0 in it: it is no text")
    return text


def entries(folder):
    """Names in a folder that is one; Refused."""
    if folder.is_symlink() or not folder.is_dir():
        raise Refused(f"{visible(folder.name)} is no folder")
    try:
        return sorted(os.listdir(folder))
    except OSError as error:
        raise Refused(f"{visible(folder.name)} cannot be read: "
                      f"{error.strerror}") from error


@dataclasses.dataclass(frozen=True)
class Diagnosis:
    """What was handed in of a diagnosis lab; bytes. mended: the bug's file, or
    None."""
    answer: bytes
    mended: bytes


def submission(folder, known):
    """(lab's name, its file's bytes or a Diagnosis) of DIR/STUDENT/labN;
    Refused."""
    name = folder.name[len("lab"):]
    if name == "d" and "SEEDED" in os.environ:
        name = own_lab(folder.parent.name)
    if not folder.name.startswith("lab") or \
            name not in known and name not in BUGS:
        raise Refused("there is no such lab: call the folder lab0, lab1, ...")
    found = entries(folder)
    if name in BUGS:
        mended = pathlib.Path(BUGS[name].file).name
        if ANSWER not in found:
            raise Refused(f"{ANSWER} is missing")
        return name, Diagnosis(read(folder / ANSWER), read(
            folder / mended) if mended in found else None)
    wanted = pathlib.Path(known[name].file).name
    others = [visible(one) for one in found if one != wanted]
    if others:
        raise Refused(f"{others[0]} is not the lab's file: hand in {wanted} "
                      "alone")
    if not found:
        raise Refused(f"{wanted} is missing")
    return name, read(folder / wanted)


def check_one(shop, student, lab, work, known):
    """A Result of one submission."""
    if isinstance(work, Diagnosis):
        return check_handed_in(shop, lab, BUGS[lab], work.answer,
                               work.mended)[0]
    return shop.check(lab, seeded(student, known)[lab], work)[0]


def submissions(source, known):
    """[(student, lab, what, or the str why it was refused)]"""
    found = []
    for student in entries(source):
        try:
            if not re.fullmatch(NAME, student):
                raise Refused("a student's name is 1 to 64 of A-Z a-z 0-9 _ . "
                              "@ -, and begins with one of the first four")
            for lab in entries(source / student):
                try:
                    found.append((student, *submission(
                        source / student / lab, known)))
                except Refused as why:
                    found.append((student, lab.removeprefix("lab"), str(why)))
        except Refused as why:
            found.append((student, "", str(why)))
    return found


def row(student, lab, result, replay=""):
    # Of a diagnosis all counts, of other labs what is wrong first.
    told = result.failures[:None if lab in BUGS else 1]
    values = (student, lab, result.verdict, *(
        ("; ".join(getattr(one, column) for one in told)
         for column in COLUMNS[3:7]) if told else
        ("", "", "", result.said.strip())), replay if told else "")
    return dict(zip(COLUMNS, map(visible, values)))


def seeded(student, known):
    """The labs with a student's own seed, if they have some."""
    return labs(student) if "SEEDED" in os.environ else known


def grade_one(folder, known, out, sandbox):
    """A Result; the workshop stays in `out`."""
    try:
        lab, text = submission(folder, known)
    except Refused as why:
        return Result("refused", said=f"  {why}\n")
    shutil.rmtree(out / "tree", ignore_errors=True)
    shop = Workshop(out, sandbox, kept=True)
    return check_one(shop, folder.parent.name, lab, text, known)


def looked_at(folder, lab):
    """The command that shows one of a student's."""
    one = folder / f"lab{lab}"
    if not one.exists():
        one = folder / "labd"
    seed = "SEEDED=1 " if "SEEDED" in os.environ else ""
    return f"make grade {seed}OF={shlex.quote(str(one))}"


def grade(source, known, folder, sandbox, jobs):
    """Rows, in the order of the names, and Results."""
    todo = submissions(source, known)
    shops = queue.SimpleQueue()
    needed = {lab for _, lab, text in todo if isinstance(text, bytes)}
    needs_shop = any(not isinstance(text, str) for _, _, text in todo)
    for number in range(min(jobs, len(todo)) if needs_shop else 0):
        shop = Workshop(f"{folder}/{number}", sandbox)
        shop.make([known[lab] for lab in needed])
        shops.put(shop)

    def one(work):
        student, lab, text = work
        if isinstance(text, str):
            return row(student, lab, Result("refused", said=text))
        shop = shops.get()
        try:
            return row(
                student, lab, check_one(shop, student, lab, text, known),
                looked_at(source / student, lab))
        except Exception as error:  # pylint: disable=broad-except
            # Whatever it is, the others are graded.
            return row(student, lab, Result(
                "cannot be checked", said=f"{type(error).__name__}: {error}"))
        finally:
            shops.put(shop)

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(one, todo))


# ---- What comes out -------------------------------------------------------

def as_csv(rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def as_junit(rows):
    cases = []
    for one in rows:
        kind = {"solved": "", "cannot be checked": "error"}.get(
            one["verdict"], "failure")
        name = f"<testcase classname={quoteattr(one['student'])} " \
            f"name={quoteattr('lab ' + one['lab'])}"
        message = "; ".join(filter(None, (
            one["verdict"], one["promise"], one["got"])))
        cases.append(f"{name}><{kind} message={quoteattr(message)}/>"
                     "</testcase>" if kind else f"{name}/>")
    failed = sum("<failure" in case for case in cases)
    errors = sum("<error" in case for case in cases)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' \
        f'<testsuite name="labs" tests="{len(cases)}" failures="{failed}" ' \
        f'errors="{errors}">\n' + "\n".join(cases) + "\n</testsuite>\n"


def write(path, text):
    """Completely or not at all."""
    new = path.with_name(path.name + ".new")
    new.write_text(text)
    os.replace(new, path)


def main():
    one = sys.argv[1:2] == ["--of"]
    source, out = map(pathlib.Path, (sys.argv[1 + one:] + ["", ""])[:2])
    if len(sys.argv) != 3 + one or not sys.argv[1 + one] or \
            not source.is_dir():
        print("usage: make grade FROM=DIR, with DIR/STUDENT/labN/FILE, or "
              "make grade OF=DIR/STUDENT/labN, see docs/labs.md",
              file=sys.stderr)
        return 2
    sandbox = has_sandbox()
    if not sandbox and os.environ.get("ALLOW_UNSANDBOXED") != "1":
        print("grade: no bwrap that works is here. Without it what students "
              "wrote runs with your rights.\nInstall bubblewrap, or, on a "
              "machine that you can lose, say ALLOW_UNSANDBOXED=1",
              file=sys.stderr)
        return 2
    out.mkdir(parents=True, exist_ok=True)
    if one:
        result = grade_one(source.resolve(), labs(), out / "one", sandbox)
        print(f"{result}{source}: {result.verdict}")
        return 0
    with tempfile.TemporaryDirectory(prefix="firstlight-grade-") as folder:
        rows = grade(source, labs(), folder, sandbox,
                     int(os.environ.get("JOBS") or 1))
    write(out / "grades.csv", as_csv(rows))
    write(out / "grades.json", json.dumps(rows, indent=1) + "\n")
    write(out / "grades.xml", as_junit(rows))
    print(as_csv(rows), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
