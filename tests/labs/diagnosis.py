"""Diagnosis labs: a tree with one bug. The student says where it is and of
which kind, in answer.txt, and mends it.

The student's tree knows the answer by its seals alone: a hash of file, line and
cause together, slow enough that nobody tries all lines.
"""

import dataclasses
import hashlib
import json
import re
import textwrap

from check import LABS_PAGE as PAGE, Checker, Failure, Result, locate
from definition import Check, Guest, Lab, Piece, Seed, Tap

ANSWER = "answer.txt"
PLACE = "Name the file and the line"
CAUSE = "Name the cause"
MENDED = "Mend it: the symptom is gone"

CAUSES = {
    "interrupts": "interrupts are on where they must be off, or off where "
                  "they must be on",
    "look-before-lock": "what was looked at before the lock was taken is no "
                        "longer true behind it",
    "no-bound": "nothing ends a wait for what may never happen",
    "no-lock": "what others use as well is used without its lock",
    "not-checked": "what came from outside is not looked at",
    "not-given-back": "what was taken is not given back",
    "not-woken": "nobody wakes who waits",
    "order": "the right steps in the wrong order",
    "register-lost": "a register or flag is not what it was, and is needed",
    "stale": "what was true is kept, and is no longer true",
    "two-steps": "what must be one step is two, and something comes between",
    "waits-for-each-other": "two wait for each other",
    "wrong-number": "a number, bit or count is wrong",
    "wrong-way": "a condition the wrong way round",
}


NAMES = [f"d{number}" for number in range(1, 21)]


def own_lab(seed):
    """Which of them is that of a LAB_SEED."""
    return Seed(seed).pick("diagnosis", NAMES)


@dataclasses.dataclass(frozen=True)
class Answer:
    """file  as it is called from the tree's folder
    line  of the tree as it was handed out
    """
    file: str
    line: int
    cause: str

    def __str__(self):
        return f"{self.file}:{self.line}, {self.cause}"


def blank_answer(name):
    causes = "".join(textwrap.fill(
        f"{cause:<21}{words}", 79, initial_indent="#   ",
        subsequent_indent=f"#{'':<24}") + "\n"
        for cause, words in CAUSES.items())
    return f"# Lab {name}: one bug. Its line is that of the tree as you got " \
        f"it.\n#\n# Causes:\n{causes}\nfile: \nline: \ncause: \n"


def read_answer(text):
    """An Answer, or why it is none."""
    said = dict(re.findall(r"^(file|line|cause):[ \t]*(\S+)[ \t]*\r?$", text,
                           re.MULTILINE))
    for word in ("file", "line", "cause"):
        if word not in said:
            return f"no line that says {word}: and one word"
    if not re.fullmatch("[0-9]{1,6}", said["line"]):
        return f"line: {said['line']}, which is no number"
    if said["cause"] not in CAUSES:
        return f"cause: {said['cause']}, and the causes are " \
            f"{', '.join(CAUSES)}"
    return Answer(said["file"].removeprefix("./"), int(said["line"]),
                  said["cause"])


def seal(name, file, line, cause):
    return hashlib.scrypt(f"{file}:{line}:{cause}".encode(),
                          salt=name.encode(), n=1 << 14, r=8, p=1,
                          dklen=16).hex()


def lab_of(run):
    """The lab that looks for the symptom; run: "realmode: PROGRAM", or words of
    the kernel's command line."""
    kind, _, program = run.partition(": ")
    if kind == "realmode":
        one = Tap(program, (), realmode=True)
    else:
        one = Guest((Check(MENDED, "0 findings$"),), cmdline=run,
                    modules=("programs.tar",), seconds=60)
    return Lab(Piece(PAGE, "", "", ""), MENDED, "", "", (one,))


def failure(root, promise, expected, got):
    return Failure(promise, locate(promise, PAGE, root), expected, got)


def judge(answer, bug, root):
    """Failures of an answer, for those who know the bug."""
    if isinstance(answer, str):
        return [failure(root, PLACE, ANSWER, answer)]
    wrong = []
    if answer.file != bug.file or answer.line not in bug.lines:
        wrong.append(failure(root, PLACE, "where the bug is",
                             f"{answer.file}:{answer.line}"))
    if answer.cause != bug.cause:
        wrong.append(failure(root, CAUSE, "the bug's", answer.cause))
    return wrong


def judge_sealed(answer, told, root):
    """The same in the student's tree: all right, or not."""
    if isinstance(answer, str):
        return [failure(root, PLACE, ANSWER, answer)]
    sealed = seal(told["name"], answer.file, answer.line, answer.cause)
    return [] if sealed in told["seals"] else [
        failure(root, PLACE, "file, line and cause of the bug", str(answer))]


def combine(symptom, wrong):
    """A Result of a run and of failures of the answer."""
    verdict = symptom.verdict if symptom.verdict != "solved" or not wrong \
        else "not yet"
    return Result(verdict, (*symptom.failures, *wrong), symptom.said)


def check_tree(root, folder, wrap):
    """A Result of the student's tree."""
    told = json.loads((root / "tests/labs/diagnosis.json").read_text())
    path = root / ANSWER
    answer = read_answer(path.read_text(errors="replace")) if path.exists() \
        else "it is not there"
    return combine(
        Checker(told["name"], lab_of(told["run"]), root, folder,
                wrap).check()[0],
        judge_sealed(answer, told, root))


def check_handed_in(shop, name, bug, answer, mended, often=None):
    """Results of what was handed in, as many as `often` says; bytes, `mended`
    None without one."""
    wrong = judge(read_answer(answer.decode(errors="replace")), bug,
                  shop.root)
    if mended is None:
        symptoms = [Result("not yet", (failure(
            shop.root, MENDED, bug.file, "no such file was handed in"),))]
    else:
        symptoms = shop.check(name, lab_of(bug.run), mended,
                              *(often or (1, 1)), bug.file)
    return [combine(symptom, wrong) for symptom in symptoms]
