"""Check a lab: build what each run needs, run it, read what it said.

But for a hang (command.py) nothing is decided by this machine's clock: a PC's
time is counted in its instructions.
"""

import concurrent.futures
import dataclasses
import os
import pathlib
import re
import shlex
import shutil
import sys

from command import build, run, same_addresses
from definition import ROOT, Guest, Mutants, Tap, build_folder, plain

MISSED_MAX = 8 # mistakes that a student's test did not see, told at once
SUCCESS, FAILURE = 33, 35
LABS_PAGE = "docs/labs.md"
SEEDED = "a constant of each student's own stays in the file"


@dataclasses.dataclass(frozen=True)
class Failure:
    """What `make lab` says of a broken promise."""
    promise: str
    where: str
    expected: str
    got: str
    replay: str = ""
    page: str = ""

    def __str__(self):
        return "".join(f"  {name:<9} {value}\n" for name, value in (
            ("promised", f"{self.promise} ({self.where})"),
            ("expected", self.expected), ("got", self.got),
            ("replay", self.replay), ("see", self.page)) if value)


@dataclasses.dataclass(frozen=True)
class Result:
    """verdict  solved, not yet, does not build, hang, or cannot be checked"""
    verdict: str
    failures: tuple = ()
    said: str = ""

    def __str__(self):
        return "\n".join(map(str, self.failures)) + self.said


# ---- Reading what was said ------------------------------------------------

def locate(promise, file, root):
    """FILE:LINE of words in a comment; FILE, if somebody has taken them out."""
    words, lines = "", []
    for number, line in enumerate((root / file).read_text(
            errors="replace").splitlines(), 1):
        more = plain(line.strip().lstrip(";*/#@ \t")) + " "
        words += more
        lines += [number] * len(more)
    at = words.find(plain(promise))
    return file if at < 0 else f"{file}:{lines[at]}"


def tests(text, before):
    """[(is it ok?, name, what differed)]; `before`: that stands in front."""
    found, notes = [], []
    for line in text.splitlines():
        result = re.match(r"(ok|not ok) (?:\d+ - )?(.*)", line)
        if result:
            found.append((result[1] == "ok", result[2],
                          notes if before else []))
            notes = [] if before else found[-1][2]
        elif line.startswith("# "):
            notes.append(line[2:])
    return found


def last_words(text):
    """A panic's two lines, the first test that failed, or the last that COM1
    said, but for how long the loader took."""
    told = re.search(r"^.*PANIC.*\n.*|^not ok.*", text, re.MULTILINE)
    lines = (told[0] if told else text).split("\n")
    return " / ".join([line.strip() for line in lines if line.strip() and
                       not line.startswith("times ")][-2:]) or "nothing"


class Checker:
    """A lab, where it is built, and what wraps its commands: wrap(argv), or
    wrap(argv, True) of those that write into the build folder."""

    def __init__(self, name, lab, root, folder, wrap):
        self.name, self.lab, self.root = name, lab, root
        self.folder, self.wrap = folder, wrap

    def failure(self, check, expected, got, replay=""):
        where = check and check.where or self.lab.header or self.lab.file
        promise = check.promise if check else self.lab.promise
        if replay and self.root != ROOT:
            replay = f"cd {shlex.quote(str(self.root))} && {replay}"
        return Failure(
            promise, locate(promise, where, self.root), expected, got, replay,
            f"{build_folder()}/page.html#at={self.lab.page}"
            if self.lab.page else "")

    def stop(self, check):
        return check and check.stop or self.lab.stop

    # ---- A test program ----

    def tap(self, tap):
        folder = self.folder
        program = f"{folder}/labs/test_{tap.program}"
        argv = [*same_addresses(), program]
        if tap.realmode:
            program = f"{folder}/realmode/{tap.program}"
            argv = qemu(f"{program}.img")
        done = run(self.wrap(argv), self.root, tap.seconds)
        found = tests(done.text, tap.realmode)
        bad = [test for test in found if not test[0]]
        plan = re.search(r"^1\.\.(\d+)$", done.text, re.MULTILINE)
        complete = plan and int(plan[1]) == len(found)

        def failure(check, names, got):
            place = re.search(r"([\w/]+\.c:\d+)", got)
            replay = f"KERNEL={program}.elf AT={self.stop(check)} sh " \
                f"tools/debug/debug.sh {program}.img" if tap.realmode else \
                f"gdb -q -ex 'break {place[1] if place else 'main'}' -ex " \
                f"run {program}"
            more = f" (and {len(names) - 1} more)" if names[1:] else ""
            return self.failure(check, f"ok {names[0]}{more}", got, replay)

        def broken_by(test):
            return next((check for check in tap.checks
                         if re.fullmatch(check.expects, test)), None)

        failures = []
        for check in (*tap.checks, None):
            of_it = [test for test in bad if broken_by(test[1]) == check]
            if of_it:
                failures.append(failure(
                    check, [name for _, name, _ in of_it],
                    "; ".join(of_it[0][2]) or "not ok"))
        wrong = end(done) if done.hang or not failures and not (
            complete and done.status == (SUCCESS if tap.realmode else 0)) \
            else ""
        if wrong:
            check = self.unfinished(tap, found)
            failures.insert(0, failure(
                check, [check.expects if check else "the last test"],
                f"{wrong}; {last_words(done.text)}"))
        return done.hang, failures

    @staticmethod
    def unfinished(tap, found):
        """The first check of which no test was run."""
        said = [name for _, name, _ in found]
        return next((check for check in tap.checks if not any(
            re.fullmatch(check.expects, name) for name in said)), None)

    # ---- A test that a student wrote ----

    def passes(self, program, seconds):
        """(did all of its tests pass?, how many, what it said last)"""
        done = run(self.wrap([*same_addresses(), program]), self.root,
                   seconds)
        found = tests(done.text, False)
        plan = re.search(r"^1\.\.(\d+)$", done.text, re.MULTILINE)
        good = done.status == 0 and plan and int(plan[1]) == len(found) and \
            found and all(test[0] for test in found)
        return good, len(found), end(done) if done.hang else \
            last_words(done.text)

    def programs(self, one):
        """The test's program beside each change of the unit, by its name; ""
        is that beside none."""
        place = self.folder / "labs/mutants" / one.unit
        names = [*one.allowed, *(check.expects for check in one.checks)]
        return {"": f"{self.folder}/labs/test_{one.unit}", **{
            name: str(place / str(number))
            for number, name in enumerate(names)}}

    def build_mutants(self, one):
        """Failures."""
        sys.path.insert(0, str(ROOT / "tests/mutate"))
        from mutation import mutated	# pylint: disable=C0415
        from units import ALLOWED, MISTAKES	# pylint: disable=C0415
        known = {each.what: each for each in ALLOWED + MISTAKES}
        good = (ROOT / f"lib/{one.unit}.c").read_text()
        targets = []
        for name, program in self.programs(one).items():
            if not name:
                continue
            source = pathlib.Path(f"{program}.c")
            source.parent.mkdir(parents=True, exist_ok=True)
            text = mutated(known[name], good)
            if not source.exists() or source.read_text() != text:
                source.write_text(text)
            targets.append(f"labs/mutants/{one.unit}/{source.stem}")
        wrong = build(targets, self.root, self.folder, self.wrap)
        return [self.failure(None, "mutants that build", wrong)] if wrong \
            else []

    def mutants(self, one):
        """What it must not mind, then what it must see."""
        file, programs = f"lib/{one.unit}.c", self.programs(one)
        for name in ("", *one.allowed):
            good, _, said = self.passes(programs[name], one.seconds)
            if not good:
                return said if said.startswith("a hang") else "", [
                    self.failure(None, f"all tests pass, with {file} " + (
                        f"changed: {name}, as promised" if name else
                        "as it is"), said, f"gdb -q {programs[name]}")]
        missed = []
        for check in one.checks:
            good, count, _ = self.passes(programs[check.expects], one.seconds)
            if good:
                missed.append((check, count))
        caught = f"caught {len(one.checks) - len(missed)} of " \
            f"{len(one.checks)}"
        return "", [self.failure(
            check, f"not ok, with a mistake: {check.expects}",
            f"ok, all {count}; {caught}",
            f"gdb -q {programs[check.expects]}")
                    for check, count in missed[:MISSED_MAX]]

    # ---- A PC ----

    def image(self, number):
        """Of the lab's run of that number."""
        return self.folder / "labs" / f"{self.name}-{number}.img"

    def make_image(self, guest, number):
        """Failures."""
        folder, image = self.folder, self.image(number)
        image.parent.mkdir(parents=True, exist_ok=True)
        data = image.with_suffix(".data")
        data.write_bytes(guest.data)
        argv = [f"{folder}/mkimage", "--kernel", f"{folder}/{guest.kernel}",
                *(word for module in guest.modules
                  for word in ("--module", f"{folder}/{module}")),
                *(flag.format(build=folder, data=data)
                  for flag in guest.flags),
                "--cmdline", guest.cmdline, "-o", str(image)]
        made = run(self.wrap(argv, True), self.root)
        if made.status != 0:
            return [self.failure(guest.checks[0], "an image",
                                 plain(made.text))]
        if guest.size:
            os.truncate(image, guest.size)
        return []

    def guest(self, guest, number):
        image = self.image(number)
        done = run(self.wrap(qemu(image, guest.drive, guest.machine)),
                   self.root, guest.seconds, guest.types, guest.ends)

        def says(pattern):
            return re.search(pattern, done.text, re.MULTILINE)

        broken = [check for check in guest.checks
                  if not says(check.expects) or
                  check.never and says(check.never)]
        ended_well = guest.status in (None, done.status)
        if not broken and not done.hang and ended_well:
            return "", []
        check = (*broken, guest.checks[-1])[0]
        got = [end(done)] if done.hang or not ended_well else []
        return done.hang, [self.failure(
            check, (readable(check.expects) or
                    f"no {readable(check.never)}") + " on COM1",
            "; ".join(filter(None, [*got, last_words(done.text)])),
            self.replay(check, guest, image, done.text))]

    def replay(self, check, guest, image, text):
        """The command that comes there in gdb: to where it panicked, in the
        schedule that the explorer found, if there are such."""
        panic = re.search(r"PANIC in \w+\(\) at (\S+:\d+)", text)
        schedule = re.search(r"^explore=(\S+) \(", text, re.MULTILINE)
        place = panic[1] if panic else self.stop(check)
        words = [f"AT={place}"]
        if guest.machine:
            words.insert(0, f"QEMU_FLAGS='{' '.join(guest.machine)}'")
        if schedule:
            return " ".join((*words, f"CMDLINE='explore={schedule[1]}'",
                             "make debug", *(
                                 [f"BUILD={self.folder}"]
                                 if self.root != ROOT else [])))
        return " ".join((*words, f"KERNEL={self.folder}/{guest.kernel}",
                         f"sh tools/debug/debug.sh {image}"))

    # ---- All runs ----

    def prepare(self, one, number):
        """A Result of what is done once, None if it went well."""
        wrong = build(one.targets(), self.root, self.folder, self.wrap)
        if wrong:
            return Result("does not build", said=wrong)
        failures = self.build_mutants(one) if isinstance(one, Mutants) else \
            self.make_image(one, number) if isinstance(one, Guest) else []
        return Result("not yet", tuple(failures)) if failures else None

    def judge(self, one, number):
        """A Result of one run of what was prepared."""
        hang, failures = self.tap(one) if isinstance(one, Tap) else \
            self.mutants(one) if isinstance(one, Mutants) else \
            self.guest(one, number)
        return Result("hang" if hang else "not yet", tuple(failures)) \
            if failures else Result("solved")

    def unstarted(self):
        """A Result without tools, of a file that is not there, or of another
        student's; None of others."""
        if missing():
            return Result("cannot be checked",
                          said=f"  there is no {', '.join(missing())}\n")
        if not (self.root / self.lab.file).exists():
            return Result("not yet", said=f"  {self.lab.file} is not there: "
                          f"make lab-start LAB={self.name}\n")
        text = (self.root / self.lab.file).read_text(errors="replace")
        for move in self.lab.moves:
            if not move.is_in(text):
                return Result("not yet", (Failure(
                    SEEDED, locate(SEEDED, LABS_PAGE, self.root), move.new,
                    "another constant, or none: is it this LAB_SEED?"),))
        return None

    def check(self, times=1, jobs=1):
        """Results: the first run that fails is the last. It is built once,
        and run so many times, so many at once."""
        results = [self.unstarted() or Result("solved")]
        for number, one in enumerate(self.lab.runs):
            if set(results) != {Result("solved")}:
                break
            results = [self.prepare(one, number)]
            if results == [None]:
                with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
                    results = list(pool.map(lambda _, one=one, number=number:
                                            self.judge(one, number),
                                            range(times)))
        return results


def value(path):
    """A path in an option of QEMU's: its commas are doubled."""
    return str(path).replace(",", ",,")


# The same at each boot, however busy this machine is: an instruction is 8 ns,
# waiting is skipped, and the RTC begins at one time. What is left to this
# machine: when a sector that is read arrives, and what is typed, and whose turn
# it is among several processors.
COUNTED = ("-icount", "shift=3,sleep=off", "-rtc", "base=2024-01-01,clock=vm")


def qemu(image, drive="if=ide", machine=()):
    return [os.environ.get("QEMU", "qemu-system-x86_64"), "-display", "none",
            "-no-reboot", "-m", "128M", "-serial", "stdio", "-monitor",
            "none", "-net", "none", "-device",
            "isa-debug-exit,iobase=0xf4,iosize=4", *COUNTED, *machine, "-drive",
            f"file={value(image)},format=raw,snapshot=on,{drive}"]


def end(done):
    """How a program or QEMU ended, for people."""
    if done.hang:
        return f"a hang: {done.hang}"
    if done.status is None:
        return ""
    if done.status < 0:
        return f"ended by signal {-done.status}"
    return {0: "it ended, or the PC was reset: a triple fault",
            FAILURE: "status 35, failure"}.get(done.status,
                                               f"status {done.status}")


def readable(pattern):
    """A regular expression for people."""
    for old, new in ((r"\n", " / "), (".*", "..."), ("^", ""), ("$", "")):
        pattern = pattern.replace(old, new)
    return re.sub(r"\\(.)", r"\1", pattern)


def missing():
    """What no lab can be checked without, and is not here."""
    tool = os.environ.get("QEMU", "qemu-system-x86_64")
    return [] if shutil.which(tool) else [tool]


def unwrapped(argv, _=False):
    return argv


def check(name, lab, root=ROOT, folder=None, wrap=unwrapped):
    """A Result."""
    return Checker(name, lab, root, folder or build_folder(),
                   wrap).check()[0]
