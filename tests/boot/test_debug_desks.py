"""The debugger on other desks: gdb -i=mi as editors drive it, a machine that
waits on a port, VS Code's files, Bochs' own debugger."""

import json
import re
import shutil
import subprocess
import time

import pytest

from harness import guard
from harness.emulator import HANG
from harness.machine import value
from harness.recipe import BUILD
from harness.words import ROOT
import debug_picture
from test_debug import environment_without_display, first_line_with
from tracing import address

needs_gdb = pytest.mark.skipif(not shutil.which("gdb"), reason="no gdb")
IMAGE = str(BUILD / "firstlight.img")


def read_until(stream, pattern):
    """What comes on a pipe up to a line with a pattern, which is in it."""
    said = []
    for line in stream:
        said.append(line)
        if re.search(pattern, line):
            return "".join(said)
    raise AssertionError("".join(said))


class Mi:
    """A gdb that an editor drives, as VS Code's cppdbg does."""

    def __init__(self, process):
        self.process = process
        self.token = 0

    def ask(self, command, until="done|running|connected"):
        """Its result, and what came before; an error fails."""
        self.token += 1
        self.process.stdin.write(f"{self.token}{command}\n")
        self.process.stdin.flush()
        said = read_until(self.process.stdout, rf"^{self.token}\^")
        assert re.search(rf"^{self.token}\^({until})", said, re.M), said
        return said

    def run(self, command):
        """Until it has stopped; the event."""
        said = self.ask(command)
        event = r"^\*stopped"
        if not re.search(event, said, re.M):
            said += read_until(self.process.stdout, event)
        return re.findall(r"^\*stopped.*$", said, re.M)[-1]


@pytest.fixture(name="server")
def fixture_server():
    """The port of a machine that waits for gdb."""
    with guard.Process(
            ["sh", "tools/debug/debug.sh", IMAGE], cwd=ROOT, text=True,
            env=environment_without_display(LISTEN="0"),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        yield re.search(r"localhost:(\d+)", read_until(
            process.stdout, "Waiting for gdb"))[1]
        process.wait(HANG)  # gdb's end is its own


@pytest.fixture(name="mi")
def fixture_mi(server):
    """At the first instruction, connected with a machine that waited."""
    with guard.Process(["gdb", "--interpreter=mi"], cwd=ROOT, text=True,
                       stdin=subprocess.PIPE, stdout=subprocess.PIPE
                       ) as process:
        mi = Mi(process)
        configuration = launch()["configurations"][0]
        mi.ask("-gdb-set target-async on")
        for command in configuration["setupCommands"]:
            text = command["text"].replace("build/", f"{BUILD}/")
            mi.ask(f'-interpreter-exec console "{text}"')
        mi.ask(f"-file-exec-and-symbols {BUILD}/kernel.elf")
        mi.ask(f"-target-select remote localhost:{server}")
        yield mi
        process.stdin.write("-gdb-exit\n")
        process.stdin.close()
        process.wait(HANG)


def launch():
    text = (ROOT / ".vscode/launch.json").read_text()
    return json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.M))


@needs_gdb
def test_an_editor_goes_through_the_boot(mi):
    """From 0x7C00 through three modes to kernel_main, by lines of sources."""
    line = first_line_with("bootsector/bootsector.asm", r"^main:") + 1
    mi.ask(f"-break-insert -h bootsector/bootsector.asm:{line}")
    assert 'func="main"' in mi.run("-exec-continue")
    mi.ask("-break-insert -h *0x7c00")
    places = [("cpu_check", "stage2/cpu.asm", "pushfd"),
              ("page_tables_build", "stage2/modes.asm", "mov edi"),
              ("long_mode_start", "stage2/long_mode.asm", "xor"),
              ("kernel_main", "lib/x86/tsc.h|kernel/main.c", "push")]
    for name, path, instruction in places:
        mi.ask(f"-break-insert -h *(long)&{name}")
        stopped = mi.run("-exec-continue")
        assert re.search(rf'func="{name}".*file="[^"]*({path})', stopped)
        listed = mi.ask("-data-disassemble -s $pc -e $pc+8 -- 0")
        assert re.search(rf'inst="{instruction}', listed), listed
    frames = mi.ask("-stack-list-frames")
    assert 'func="kernel_main"' in frames


@needs_gdb
@pytest.mark.skipif(not shutil.which("qemu-img"), reason="no qemu-img")
def test_an_editor_goes_back(mi):
    """By its own button, and by a word in its console; its session goes on."""
    mi.ask("-break-insert -h *(long)&long_mode_start")
    mi.run("-exec-continue")
    stopped = mi.run("-exec-step-instruction --reverse")
    assert 'file="./stage2/modes.asm"' in stopped or "modes.asm" in stopped
    stopped = mi.run('-interpreter-exec console "back 10"')
    assert "modes.asm" in stopped
    stopped = mi.run("-exec-continue")
    assert 'func="long_mode_start"' in stopped

class Dap:
    """A gdb that an editor drives by the Debug Adapter Protocol."""

    def __init__(self, process):
        self.process, self.number, self.events = process, 0, []

    def send(self, command, **arguments):
        self.number += 1
        body = json.dumps({"seq": self.number, "type": "request",
                           "command": command, "arguments": arguments})
        self.process.stdin.write(f"Content-Length: {len(body)}\r\n\r\n{body}")
        self.process.stdin.flush()
        return self.number

    def message(self):
        length = 0
        for line in iter(self.process.stdout.readline, "\n"):
            assert line, "gdb has ended"
            if line.startswith("Content-Length"):
                length = int(line.split()[1])
        return json.loads(self.process.stdout.read(length))

    def wait(self, matches):
        """The first message, of those that came and of those to come."""
        for index, message in enumerate(self.events):
            if matches(message):
                return self.events.pop(index)
        while True:
            message = self.message()
            if matches(message):
                return message
            self.events.append(message)

    def answer(self, number):
        answer = self.wait(lambda one: one["type"] == "response" and
                           one["request_seq"] == number)
        assert answer["success"], answer
        return answer.get("body", {})

    def ask(self, command, **arguments):
        return self.answer(self.send(command, **arguments))

    def event(self, name):
        return self.wait(lambda one: one["type"] == "event" and
                         one["event"] == name)


def has_dap():
    """From gdb 14 on."""
    return shutil.which("gdb") and "dap" in subprocess.run(
        ["gdb", "-nx", "-batch", "-ex", "python import gdb.dap; print('dap')"],
        capture_output=True, text=True, check=False).stdout


@pytest.mark.skipif(not has_dap(), reason="no gdb 14 or later")
def test_an_editor_with_dap_goes_through_the_boot(server):
    with guard.Process(
            ["gdb", "-nx", "-q", "-i=dap", "-x", "tools/debug/firstlight.py",
             "-ex", f"add-symbol-file {BUILD}/bootsector.elf", "-ex",
             f"add-symbol-file {BUILD}/stage2.elf"],
            cwd=ROOT, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE) as process:
        dap = Dap(process)
        dap.ask("initialize", adapterID="gdb", linesStartAt1=True)
        attached = dap.send("attach", program=str(BUILD / "kernel.elf"),
                            target=f"localhost:{server}")
        dap.event("initialized")
        for name in ("cpu_check", "long_mode_start", "kernel_main"):
            dap.ask("setInstructionBreakpoints", breakpoints=[
                {"instructionReference": hex(address(name))}])
            if attached:
                dap.ask("configurationDone")
                dap.answer(attached)
                attached = None
            dap.ask("continue", threadId=1)
            while dap.event("stopped")["body"]["reason"] == "attach":
                pass
            frames = dap.ask("stackTrace", threadId=1)["stackFrames"]
            assert frames[0]["name"] == name
        dap.ask("disconnect", terminateDebuggee=True)
        process.stdin.close()
        process.wait(HANG)


@needs_gdb
def test_a_qemu_of_ones_own_outlives_gdb(tmp_path):
    """What cannot be known there is said in words."""
    port = tmp_path / "gdb"
    with guard.Process(
            ["qemu-system-x86_64", "-drive", f"format=raw,file={value(IMAGE)},"
             "snapshot=on", "-display", "none", "-S", "-gdb",
             f"unix:{port},server=on"], cwd=ROOT) as qemu:
        while not port.exists():
            assert qemu.poll() is None
            time.sleep(0.05)
        done = subprocess.run(
            ["gdb", "-nx", "-batch", f"{BUILD}/kernel.elf", "-x",
             "tools/debug/firstlight.py",
             "-ex", f"add-symbol-file {BUILD}/bootsector.elf",
             "-ex", f"add-symbol-file {BUILD}/stage2.elf",
             "-ex", f"target remote {port}", "-ex", "at bootsector",
             "-ex", "serial", "-ex", "back"], cwd=ROOT, text=True,
            stdin=subprocess.DEVNULL, capture_output=True, check=False,
            timeout=HANG)
        assert "bootsector_start () at" in done.stdout, done
        assert "this gdb has not started the machine" in done.stderr
        assert "this machine cannot go back" in done.stderr
        assert qemu.poll() is None
        qemu.terminate()
        qemu.wait(HANG)


def test_vs_code_finds_what_it_is_told():
    """Its files name tasks, programs and scripts that are there."""
    tasks = json.loads((ROOT / ".vscode/tasks.json").read_text())["tasks"]
    labels = {task["label"] for task in tasks}
    for configuration in launch()["configurations"]:
        assert configuration.get("preLaunchTask", "make") in labels
        assert configuration["program"] == \
            "${workspaceFolder}/build/kernel.elf"
        for command in configuration["setupCommands"]:
            path = command["text"].split()[-1]
            assert path.startswith("build/") or (ROOT / path).exists()
    waits = next(task for task in tasks if "LISTEN" in task["command"])
    ends = waits["problemMatcher"]["background"]["endsPattern"]
    assert ends in (ROOT / "tools/debug/relay.py").read_text()


@needs_gdb
def test_the_picture_shows_a_session():
    """make screenshot draws it anew; numbers may be of another build."""
    drawn = (ROOT / "docs/img/debug.svg").read_text()
    now = [line for line, _ in debug_picture.session() if line]
    assert (debug_picture.words(debug_picture.lines_of(drawn)) ==
            debug_picture.words(now))


@pytest.mark.skipif(not shutil.which("bochs"), reason="no bochs")
def test_bochs_debugs_the_same_image():
    """Stopped at 0x7C00, with the stages' names."""
    done = guard.run(
        ["sh", "tools/debug/bochs.sh", IMAGE], cwd=ROOT, text=True,
        env=environment_without_display(),
        input="s\nlb 0x8000\nc\nu /1\nq\n", stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=HANG)
    if "without its debugger" in done.stdout:
        pytest.skip("this Bochs has none")
    assert re.search(r"0000:7c00 \(bootsector_start\+0\): jmp", done.stdout)
    assert re.search(r"0000:8000 \(stage2_start\+0\): call", done.stdout)


def test_bochs_without_a_debugger_is_refused(tmp_path):
    bochs = tmp_path / "bochs"
    bochs.write_text("#!/bin/sh\necho '  -unlock  unlock images'\n")
    bochs.chmod(0o755)
    done = guard.run(
        ["sh", "tools/debug/bochs.sh", IMAGE], cwd=ROOT, text=True,
        env=environment_without_display(BOCHS=str(bochs)),
        stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    assert done.returncode == 1
    assert "was built without its debugger" in done.stderr


def test_bochs_says_what_is_missing(tmp_path):
    done = guard.run(
        ["sh", "tools/debug/bochs.sh", str(tmp_path / "no.img")], cwd=ROOT,
        text=True, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    assert done.returncode == 1
    assert "is not there, make builds it" in done.stderr
