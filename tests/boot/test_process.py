"""Programs in ring 3: what each says, how each ends, and that nothing of them
stays."""

import contextlib
import io
import os
import re
import shutil
import signal
import tarfile

import pytest

from booting import FAILURE, SUCCESS, boot
from harness import recipe
from harness.bochs import BINARY as BOCHS_BINARY, Bochs
from harness.emulator import HANG
from harness.machine import Machine
from harness.recipe import BUILD
from harness.words import ROOT, defines
from monitor_session import Serial

SANITIZED = BUILD / "sanitize/kernel.elf"
PROGRAMS = ("programs.tar",)
CTRL_C, CTRL_D = "\x03", "\x04"

# A CPU with SMEP, SMAP and UMIP, one without, four processors.
MACHINES = {"max": {"cpu": "max"}, "qemu64": {"cpu": "qemu64"},
            "four": {"cpu": "max", "extra": ("-smp", "4")}}
# Where the host has less processors than we emulate, most of the time one that
# does not run holds up the others, which wait for a spinlock.
PATIENCE = {"four": 10 * HANG}
# One that has them in Bochs, and four of it.
BOCHS = {"one": "corei7_icelake_u", "four": "corei7_icelake_u, count=4"}


@pytest.fixture(scope="module", params=MACHINES)
def monitor(request, tmp_path_factory):
    with boot(tmp_path_factory.mktemp("process"), "", modules=PROGRAMS,
              **MACHINES[request.param]) as qemu:
        yield Serial(qemu, PATIENCE.get(request.param))


@pytest.fixture(scope="module", params=BOCHS)
def booted_bochs(request, tmp_path_factory):
    if not shutil.which(BOCHS_BINARY):
        pytest.skip("no bochs")
    directory = tmp_path_factory.mktemp("bochs")
    image, _ = recipe.make(recipe.Recipe(modules=PROGRAMS, cmdline=""),
                           directory)
    described = Machine(emulator="bochs", cpu=BOCHS[request.param])
    with Bochs(described, image, directory) as machine:
        monitor = Serial(machine, PATIENCE.get(request.param))
        # Its table of cpus: a heading, then a row for each.
        assert len(monitor.ask("cpus")) == (5 if request.param == "four" else 2)
        yield monitor


@pytest.fixture
def bochs(booted_bochs):
    """Between the tests that use it Bochs stands still: its time passes as fast
    as the host can, also where its CPU halts."""
    process = booted_bochs.machine.process
    process.send_signal(signal.SIGCONT)
    yield booted_bochs
    process.send_signal(signal.SIGSTOP)


def ask(monitor, line):
    return "\n".join(monitor.ask(line))


def keys(monitor, line, *pressed):
    """Run a program, and press keys when it has said each pattern."""
    start = len(monitor.channel.text)
    monitor.press(line + "\r")
    for pattern, key in pressed:
        monitor.machine.wait(lambda: re.search(
            pattern, monitor.channel.text[start:]), monitor.timeout)
        monitor.press(key)
    return monitor.wait_prompt(start)


def frames(monitor):
    """What is out, by whose it is."""
    return {row.split("KiB")[1].strip(): int(row.split()[0])
            for row in monitor.ask("frames")}


STACK = 16384


def leaks(monitor):
    """What was allocated since last time, but for the stacks of threads that
    are kept for the next ones."""
    rows = re.findall(r"(\d+) blocks, +(\d+) bytes: (.*)", ask(monitor, "leaks"))
    return [row for row in rows if not row[2].startswith("process_spawn") or
            int(row[0]) * STACK != int(row[1])]


@contextlib.contextmanager
def nothing_stays(monitor, tables=0):
    """Of what is run meanwhile. Stacks that are kept may be elsewhere then,
    below so many page tables."""
    leaks(monitor)
    before = frames(monitor)
    yield
    assert len(monitor.ask("ps")) == 1
    after = frames(monitor)
    assert "program" not in after
    assert after["page tables"] <= before["page tables"] + tables
    assert not leaks(monitor)


# ---- What they say ----------------------------------------------------------

@pytest.mark.parametrize("line, answer", [
    ("run hello", "hello, world"),
    ("run echo one two  three", "one two three"),
    ("run primes 1000", "168 primes below 1000"),
    ("run ping 100", "100 answers from pong"),
    ("run registers", ""),
    ("run crowd 8 registers", "8 ended, 0 of them badly"),
    ("run pointers", ""),
    ("run resume", ""),
    ("run nothing", "nothing: there is no program of this name"),
    ("run primes x", "usage: primes [BELOW]\nexit code 1"),
    ("run a-name-that-is-too-long-for-one",
     "a-name-that-is-too-long-for-one: there is no program of this name"),
    ("kill 4000000000", "4000000000: no program of this number runs"),
])
def test_answers(monitor, line, answer):
    assert ask(monitor, line) == answer


# name: what its page says; of "unmapped", its child's
BAD = {
    "unmapped": [r"unmapped \(\d+\) is ended: #PF page fault",
                 r"  at 0x6\w+, main\(\) at user/programs/unmapped.c:\d+",
                 r"  it read 0x6\w+, where it has no memory",
                 r"  last calls: .*, unmap\(0x6\w+, 0\) = 0"],
    "null": [r"null \(\d+\) is ended: #PF page fault",
             r"  at 0x6\w+, main\(\) at user/programs/null.c:\d+",
             "  it read 0, where nothing is: a null pointer",
             "  last calls: none"],
    "privileged": [r"privileged \(\d+\) is ended: #GP general protection",
                   r"  at 0x6\w+, main\(\) at user/programs/privileged.c:\d+",
                   "  it used an instruction, a register or a vector that is "
                   "the kernel's,", "  or an address that is none",
                   "  last calls: none"],
    "peek": [r"peek \(\d+\) is ended: #PF page fault",
             r"  at 0x6\w+, main\(\) at user/programs/peek.c:\d+",
             "  it read 0x100000, which is the kernel's, or nobody's",
             "  last calls: none"],
    "overflow": [r"overflow \(\d+\) is ended: #PF page fault",
                 r"  at 0x6\w+, recurse\(\) at user/programs/overflow.c:\d+",
                 "  it wrote to 0x6000000e[ef]\\w{3}, below its stack, which "
                 "is too small for it", "  last calls: none"],
    "jump": [r"jump \(\d+\) is ended: #PF page fault",
             "  at 0x612345678000, in no function of its own",
             "  it went on at 0x612345678000, where it has no memory",
             "  last calls: none"],
    "hog": [r"hog \(\d+\) is ended: #PF page fault",
            r"  at 0x6\w+, main\(\) at user/programs/hog.c:\d+",
            r"  it wrote to 0x6\w+, for which no memory is left",
            r"  last calls: map\(0x10000000000, 0\) = \d+"],
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_program_ends_alone(monitor, name):
    check_bad(monitor, name)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_program_ends_alone_in_bochs(bochs, name):
    check_bad(bochs, name)


@pytest.mark.parametrize("line, answer", [
    ("run registers", ""),
    ("run crowd 10 registers", "10 ended, 0 of them badly"),
    ("run pointers", ""),
    ("run resume", ""),
    ("run ping 100", "100 answers from pong"),
    ("run badcalls 1000", r"1000 calls, \d+ refused"),
])
def test_bochs_answers(bochs, line, answer):
    assert re.fullmatch(answer, ask(bochs, line))


def check_bad(monitor, name):
    monitor.ask(f"run {name}")
    with nothing_stays(monitor):
        rows = monitor.ask(f"run {name}")
    assert len(rows) == len(BAD[name]), rows
    for row, pattern in zip(rows, BAD[name]):
        assert re.fullmatch(pattern, row), rows
    assert ask(monitor, "run hello") == "hello, world"


def test_source_lines_are_right(monitor):
    text = ask(monitor, "run jump") + ask(monitor, "run null")
    line = int(re.search(r"null.c:(\d+)", text)[1])
    source = (ROOT / "user/programs/null.c").read_text()
    assert "*pointer" in source.split("\n")[line - 1]


@pytest.mark.parametrize("name, status, says", [
    ("hello", SUCCESS, "hello, world"),
    ("null", FAILURE, r"null \(\d+\) is ended: #PF page fault"),
    ("nothing", FAILURE, "nothing: there is no program of this name")])
def test_a_program_on_the_command_line(name, status, says, tmp_path):
    with boot(tmp_path, f"run={name} exit", modules=PROGRAMS) as qemu:
        assert qemu.wait_end() == status
        assert re.search(rf"^{says}\r?$", qemu.serial.text, re.MULTILINE)
        assert ("ignored " in qemu.serial.text) == (name == "nothing")


# ---- Keys, kill, many ---------------------------------------------------

def test_cat_gets_keys(monitor):
    assert keys(monitor, "run cat", ("cat\r?\n", "ab\r"), ("ab\r?\n", CTRL_D)
                ).split() == ["run", "cat", "ab", ">"]


def test_what_a_program_does_not_read_is_for_the_prompt(monitor):
    """Lines that are typed ahead, or come through a pipe."""
    start = len(monitor.channel.text)
    monitor.press("run hello\rrun primes 20\rrun cat\rab\r" + CTRL_D +
                  "echo 1 2 3\r")
    monitor.machine.wait(lambda: re.search(
        r"echo: no such .*\n> ", monitor.channel.text[start:]),
        monitor.timeout)
    text = monitor.channel.text[start:]
    assert "no such command" not in text.split("echo 1 2 3")[0], text
    assert re.search(r"hello, world(?s:.*)\n> run primes 20\r?\n(?s:.*)"
                     r"\n> run cat\r?\nab\r?\n> echo 1 2 3", text), text


def test_only_the_front_gets_keys(monitor):
    text = keys(monitor, "run cat &", ("exit code", ""))
    assert "cat: only the program in front gets keys" in text


def test_who_waits_for_a_key_when_its_job_leaves_the_front(monitor):
    text = keys(monitor, "run leave cat", ("only the program in front", ""))
    assert "cat: only the program in front gets keys" in text
    wait_for_none(monitor)
    assert ask(monitor, "run hello") == "hello, world"


def test_ctrl_c_ends_what_runs_in_front(monitor):
    text = keys(monitor, "run spin", ("spin\r?\n", CTRL_C))
    assert "killed" in text.split()
    assert len(monitor.ask("ps")) == 1


def test_ctrl_c_wakes_who_waits(monitor):
    assert "killed" in keys(monitor, "run cat", ("cat\r?\n", CTRL_C))
    assert "killed" in keys(monitor, "run pong", ("pong\r?\n", CTRL_C))
    assert len(monitor.ask("ps")) == 1


def number_of(monitor, line):
    return re.search(r"\[(\d+)\]", ask(monitor, line))[1]


def test_kill_beside_the_prompt(monitor):
    number = number_of(monitor, "run spin &")
    assert re.search(rf"^ *{number} +0 spin", ask(monitor, "ps"), re.M)
    text = keys(monitor, f"kill {number}",
                (rf"\[{number}\] spin: killed", ""))
    assert "no program" not in text
    assert "no program" in ask(monitor, f"kill {number}")


def wait_for_none(monitor):
    for _ in range(10000):
        if len(monitor.ask("ps")) == 1:
            return
    assert False, "programs that do not end"


def test_a_storm_can_be_ended(monitor):
    keys(monitor, "run fork-storm", ("storm\r?\n", CTRL_C))
    wait_for_none(monitor)


@pytest.mark.parametrize("monitor", ["max"], indirect=True)
def test_a_storm_takes_all_places(monitor):
    keys(monitor, "run fork-storm", ("storm\r?\n", CTRL_C))
    wait_for_none(monitor)
    with nothing_stays(monitor, tables=8):
        number = number_of(monitor, "run fork-storm &")
        for _ in range(50):
            answer = ask(monitor, "run hello")
            if answer != "hello, world":
                break
        assert "too many programs run" in answer or "no memory" in answer
        keys(monitor, f"kill {number}",
             (rf"\[{number}\] fork-storm: killed", ""))
        wait_for_none(monitor)


def test_two_hundred_at_once(monitor):
    monitor.ask("run crowd 20 hello")
    with nothing_stays(monitor, tables=8):
        rows = monitor.ask("run crowd 200 hello")
    assert rows.count("hello, world") == 200
    assert rows[-1] == "200 ended, 0 of them badly"


# ---- Calls with anything ------------------------------------------------

# At a time: emulators play several processors slowly.
CALLS = 10000
# How often; make process-soak for more.
ROUNDS = int(os.environ.get("ROUNDS", "2"))


def random_calls(monitor, calls=CALLS, rounds=ROUNDS, at_once=1):
    line = f"run crowd {at_once} badcalls {calls // at_once}"
    monitor.ask(line)
    with nothing_stays(monitor, tables=8):
        for seed in range(1, rounds + 1):
            *each, last = monitor.ask(f"{line} {seed}")
            assert len(each) == at_once
            for row in each:
                assert re.fullmatch(rf"{calls // at_once} calls, \d+ refused",
                                    row)
            assert last == f"{at_once} ended, 0 of them badly"
    assert ask(monitor, "wx") == "none"


def test_random_calls(monitor):
    random_calls(monitor)


def test_random_calls_of_four_at_once(monitor):
    random_calls(monitor, at_once=4)


@pytest.mark.skipif(not SANITIZED.exists(), reason="needs make SANITIZE=1")
def test_sanitized(tmp_path):
    with boot(tmp_path, "", kernel=SANITIZED, modules=PROGRAMS,
              cpu="max") as qemu:
        monitor = Serial(qemu)
        random_calls(monitor)
        for name in BAD:
            assert "is ended" in ask(monitor, f"run {name}")
        assert ask(monitor, "run crowd 20 registers") == \
            "20 ended, 0 of them badly"


def test_the_cpus_protections(tmp_path):
    bits = defines("x86.h")
    wanted = bits["CR4_SMEP"] | bits["CR4_SMAP"] | bits["CR4_UMIP"]
    for cpu, expected in ("max", wanted), ("qemu64", 0):
        with boot(tmp_path, "", cpu=cpu, modules=PROGRAMS) as qemu:
            Serial(qemu)
            text = qemu.qmp("human-monitor-command",
                            **{"command-line": "info registers"})
            cr4 = int(re.search(r"CR4=(\w+)", text)[1], 16)
            assert cr4 & wanted == expected


# ---- Archives ----------------------------------------------------------------

def archive(path, **files):
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return str(path)


def flipped(path):
    data = bytearray((BUILD / "programs.tar").read_bytes())
    data[0] ^= 1
    path.write_bytes(data)
    return str(path)


def cut(path):
    path.write_bytes((BUILD / "programs.tar").read_bytes()[:-30000])
    return str(path)


ARCHIVES = {
    "none": (None, None,
             "hello: no archive of programs was loaded (no archive came with "
             "the kernel)"),
    "empty": (archive, "the archive is empty",
              "hello: there is no program of this name (the archive is empty)"),
    "other": (lambda path: str(BUILD / "kernel.elf"),
              "this is no tar archive of the ustar format",
              "hello: there is no program of this name (this is no tar archive "
              "of the ustar format)"),
    "flipped": (flipped, "a header's checksum does not fit",
                "hello: there is no program of this name (a header's checksum "
                "does not fit)"),
    "cut": (cut, "the archive is cut short", "hello, world"),
    "text": (lambda path: archive(path, hello=b"echo hello\n"), None,
             "hello: the file is no program that can run (this is no ELF "
             "file)"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_archives(tmp_path, name):
    make, report, answer = ARCHIVES[name]
    modules = (make(tmp_path / "archive.tar"),) if make else ()
    with boot(tmp_path, "", modules=modules) as qemu:
        monitor = Serial(qemu)
        said = re.findall("^programs  (.*)$", monitor.channel.text, re.M)
        assert said == [report] * bool(report)
        assert ask(monitor, "run hello") == answer


def test_cooperative_threads_share_with_programs(tmp_path):
    """Programs are interrupted also where the kernel's threads are not."""
    with boot(tmp_path, "sched=cooperative", modules=PROGRAMS) as qemu:
        monitor = Serial(qemu)
        assert "killed" in keys(monitor, "run spin", ("spin\r?\n", CTRL_C))
