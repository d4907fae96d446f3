"""Models of what threads and processors do at once, for the checker Spin: are
they proven, and is each mistake in them found?

    python3 tests/models/models.py DIRECTORY [MODEL[:MUTANT]]

Each *.pml beside this file says what is proven of it, in all orders in which
its processes may take their steps. With MUTANT the steps to the failure are
printed, beside the C that they stand for. Files go to DIRECTORY. Exit status 1:
something is not as it should be.

To Spin all processors see each write at once. To an x86 they do not: a read may
overtake an earlier write to another place. Where that would matter, the C has
an instruction that waits, such as the XCHG of atomic_store(); no model has it.

How a model is bound to the C: above an inline stands a function's name,

    /* kernel/sync/spinlock.h: spinlock_take */

and behind each step what that function says there, or why it says nothing:

    owner = cpu;	// atomic_store_explicit(&lock->owner, me
    assert(count > 0);	/* it has no sign */

The function must say all of these, in this order, whatever is between them;
" .. " stands between two. So a model fails when the C goes another way.

A mutant is a list of lines that are taken away, "- LINE", or replaced by those
that follow, "+ LINE". "// NAME" behind a line: the one in that inline. "finds:"
is what Spin must say of it. One that has the name of a bug in tests/museum is
found in the kernel itself, too.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LONGEST = 60  # seconds of the processor's time
MISSING = ("spin is not here: the models are not checked. It is Debian's "
           "package spin: sh tools/setup.sh")

CITED = r"^/\* (\S+): (\w+) \*/\n"
BODY = r"(inline (\w+)\([^)]*\)\n\{\n(.*?)^\}|(?:#define [^\n]*\n)+)"
# Lines that do nothing.
FRAME = re.compile(r"(do|od|if|fi|:: else( ->)?|(atomic|d_step) \{|[{}]);?$")


# ---- The C that a model stands for ----------------------------------------

def words(text):
    """Each run of blanks as one; none behind an opening parenthesis."""
    return re.sub(r"\( ", "(", " ".join(text.split()))


def function(text, name):
    """The body of that function or asm routine without comments, or None."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*|\t;[^\n]*|^;[^\n]*", "", text,
                  flags=re.DOTALL | re.MULTILINE)
    found = (re.search(rf"^(?:\w[^\n;{{}}]*[ *])?{name}\([^;{{}}]*\)\n\{{\n"
                       r"(.*?)^\}", text, re.DOTALL | re.MULTILINE) or
             re.search(rf"^{name}:\n((?:[\t\n].*\n?)*)", text, re.MULTILINE))
    return found and words(found[1])


def unbound(model, read):
    """What binds it no more, a line each. read(file) is that file's text."""
    problems = []
    for found in re.finditer(CITED + BODY, model, re.MULTILINE | re.DOTALL):
        file, name, whole, _, body = found.groups()
        said = function(read(file), name)
        if said is None:
            problems.append(f"{file} has no {name}()")
            continue
        at = 0
        for line in (body or whole).split("\n"):
            step, _, cited = line.partition("// ")
            if step.strip() and not cited and "/*" not in step and \
                    not FRAME.match(step.strip()):
                problems.append(f"{name}: a step that nothing stands for: "
                                f"{step.strip()}")
            for part in cited.split(" .. ") if cited else []:
                here = said.find(words(part), at)
                if here < 0:
                    problems.append(f"{file}: {name}() does not say there: "
                                    f"{part}")
                else:
                    at = here + len(words(part))
    return problems


# ---- Mutants ---------------------------------------------------------------

class Mutant:
    """name    after which it is called
    edits   [(line, inline's name or "", what comes instead), ...]
    finds   what Spin says
    """

    def __init__(self, name, text):
        self.name = name
        self.finds = re.search(r"^ \* finds: (.+)$", text, re.MULTILINE)[1]
        self.edits = [
            (old, where or "", " ".join(re.findall(r"^ \* \+ (.+)$", new,
                                                   re.MULTILINE)))
            for old, where, new in re.findall(
                r"^ \* - ([^\n]*?)(?:\t// (\w+))?$((?:\n \* \+ .+)*)", text,
                re.MULTILINE)]

    def made_in(self, model):
        """The model with the mistake; ValueError: no such line, or several."""
        lines = model.split("\n")
        for old, where, new in self.edits:
            inside = ""
            hits = []
            for number, line in enumerate(lines):
                start = re.match(r"(?:inline|active.* proctype) (\w+)", line)
                inside = start[1] if start else inside
                if plain(line) == old and where in ("", inside):
                    hits.append(number)
            if len(hits) != 1:
                raise ValueError(f"{self.name}: {len(hits)} lines are: {old}")
            lines[hits[0]] = lines[hits[0]].replace(old, new or "skip;")
        return "\n".join(lines)


def plain(line):
    return re.sub(r"\s*(//|/\*).*", "", line).strip()


def mutants(model):
    return [Mutant(name, text) for name, text in re.findall(
        r"^ \* Mutant ([\w-]+)(.*?)(?=^ \* Mutant|^ \*/)", model,
        re.MULTILINE | re.DOTALL)]


def models():
    return {path.stem: path.read_text() for path in sorted(HERE.glob("*.pml"))}


# ---- Spin ------------------------------------------------------------------

def tool(directory, *argv, **more):
    return subprocess.run(argv, cwd=directory, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          **more).stdout


def unreached(directory, said):
    """Lines with a step of which no copy was reached; an inline has a copy for
    each call."""
    copies = re.findall(r"model\.pml:(\d+) => (.*)$",
                        tool(directory, "./pan", "-d"), re.MULTILINE)
    missed = re.findall(r"^\tmodel\.pml:(\d+), state \d+, \"(.*)\"$", said,
                        re.MULTILINE)
    return sorted({int(step[0]) for step in missed if step[1] != "-end-" and
                   missed.count(step) >= copies.count(step)})


def verdict(directory, text, *options):
    """What Spin has to say against it, "" if nothing, and how many states."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    (directory / "model.pml").write_text(text)
    said = tool(directory, "spin", "-a", "model.pml")
    said += tool(directory, "gcc", "-w", "-O2", "-DSAFETY", "-DNOREDUCE",
                 *options, "-o", "pan", "pan.c")
    if not (directory / "pan").exists():
        return said, 0
    said = tool(directory, "sh", "-c",
                f"ulimit -t {LONGEST}; ./pan -m1000000")
    wrong = re.search(r"^pan:1: (.*) \(at depth", said, re.MULTILINE)
    states = re.search(r"^ *(\d+) states, stored", said, re.MULTILINE)
    if wrong:
        return " ".join(wrong[1].split()), int(states[1])
    if not states or "errors: 0" not in said or "too small" in said:
        return f"no verdict in {LONGEST} s of processor time:\n{said}", 0
    lines = text.split("\n")
    missed = [f"line {at} is never reached: {lines[at - 1].strip()}"
              for at in unreached(directory, said)
              if "/* unreached" not in lines[at - 1]]
    return "\n".join(missed), int(states[1])


def steps(directory, text):
    """The way to what the last verdict found: who does what, and the C."""
    lines = text.split("\n")
    told = []
    for number, who, at, step in re.findall(
            r"proc +(\d+) \((\w+):.*model\.pml:(\d+) \(state \d+\)\t\[(.*)\]$",
            tool(directory, "spin", "-p", "-t", "model.pml"), re.MULTILINE):
        cited = lines[int(at) - 1].partition("// ")[2]
        if step != "else":
            told.append(f"{who} {number}: {step:32}  {cited}".rstrip())
    return "\n".join(told)


def check(directory, name, text, mutant=None):
    """(is it as it should be?, what to say)"""
    start = time.monotonic()
    expected = mutant.finds if mutant else ""
    try:
        text = mutant.made_in(text) if mutant else text
    except ValueError as error:
        return False, str(error)
    directory = directory / name / (mutant.name if mutant else "proven")
    # The shortest way to a failure; for a proof all ways are the same.
    said, states = verdict(directory, text, *["-DBFS"] * (mutant is not None))
    if said != expected:
        return False, (f"{said or 'proven'}, not {expected or 'proven'}\n"
                       f"{steps(directory, text)}")
    return True, (f"{said or 'proven'}, {states} states, "
                  f"{time.monotonic() - start:.0f} s")


def main():
    directory = pathlib.Path(sys.argv[1]).resolve()
    wanted, _, mistake = (sys.argv[2:] or [""])[0].partition(":")
    known = models()
    if wanted and (wanted not in known or mistake and mistake not in [
            mutant.name for mutant in mutants(known[wanted])]):
        print(f"no model or mutant is called {sys.argv[2]}; there are",
              ", ".join(f"{name}:{mutant.name}" for name, text in known.items()
                        for mutant in mutants(text)), file=sys.stderr)
        return 2
    if not shutil.which("spin"):
        print(MISSING, file=sys.stderr)
        return 2
    bad = 0
    for name, text in known.items():
        if wanted not in ("", name):
            continue
        problems = unbound(text, lambda file: (ROOT / file).read_text())
        bad += len(problems)
        for problem in problems:
            print(f"not ok {name}: {problem}")
        for mutant in [None, *mutants(text)]:
            if mistake and (not mutant or mistake != mutant.name):
                continue
            well, told = check(directory, name, text, mutant)
            bad += not well
            print(f"{'ok' if well else 'not ok'} "
                  f"{name}{':' + mutant.name if mutant else ''}: {told}",
                  flush=True)
            if mistake and well:
                print(steps(directory / name / mistake, mutant.made_in(text)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
