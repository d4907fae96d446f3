"""Whatever starts a guest ends it, however it is ended itself.

What must not be left is known by a variable of its environment, and by the
folder in which it makes its temporary files.
"""

import contextlib
import fcntl
import os
import pathlib
import pty
import shutil
import signal
import subprocess
import struct
import sys
import termios
import time

import pytest

from harness import guard, recipe
from harness.emulator import HANG
from harness.recipe import BUILD
from harness.words import ROOT

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/environ"),
                                reason="no /proc to look for processes in")

MARK = "FIRSTLIGHT_TEST_ENDS"
BOOTS = f"""
import sys, time
sys.path.insert(0, {str(ROOT / "tests/boot")!r})
from booting import boot
from harness import guard
with guard.folder() as folder, boot(folder, "") as guest:
    guest.wait_text("firstlight: ready")
    time.sleep({HANG})
"""


def image(directory, cmdline):
    path = directory / "firstlight.img"
    recipe.mkimage(recipe.Recipe(cmdline=cmdline), path)
    for elf in BUILD.glob("*.elf"):
        shutil.copy(elf, directory)
    return path


def run_sh(directory, cmdline=""):
    return ["sh", "tools/run.sh", image(directory, cmdline)]


def debug_sh(directory):
    if not shutil.which("gdb"):
        pytest.skip("no gdb")
    return ["sh", "tools/debug/debug.sh", image(directory, "")]


def harness(_directory):
    return [sys.executable, "-c", BOOTS]


def matrix(directory):
    """Its boots are started by workers."""
    return [sys.executable, "tests/boot/run_matrix.py", "--rows", "^qemu",
            "--jobs", "2", "--out", directory]


class Wrapper:
    """What starts a guest, in an environment of its own."""

    def __init__(self, directory):
        self.folder = directory / "tmp"
        self.folder.mkdir()
        self.mark = f"{MARK}={directory}"
        self.argv = []
        self.environment = {
            **{name: value for name, value in os.environ.items()
               if name not in ("DISPLAY", "WAYLAND_DISPLAY")},
            MARK: str(directory), "TMPDIR": str(self.folder),
            "TERM": "xterm"}

    @contextlib.contextmanager
    def start(self, **options):
        with guard.Process(
                self.argv, cwd=ROOT, env=self.environment,
                **{"stdin": subprocess.PIPE, "stdout": subprocess.PIPE,
                   "stderr": subprocess.STDOUT, "start_new_session": True,
                   **options}) as started:
            try:
                yield started
            finally:
                started.kill()	# or a failed test would wait for its end

    def processes(self):
        """{pid: its first word} of all that stem from it, zombies aside."""
        found = {}
        for path in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                environment = (path / "environ").read_bytes().split(b"\0")
                if self.mark.encode() in environment:
                    words = (path / "cmdline").read_bytes().split(b"\0")
                    found[int(path.name)] = words[0].decode()
            except OSError:
                pass  # it has ended
        return found

    def left(self):
        return [*self.processes().items(), *self.folder.iterdir()]

    def wait(self, condition, what):
        until = time.monotonic() + HANG
        while not condition():
            assert time.monotonic() < until, (what, self.left())
            time.sleep(0.02)

    def wait_guest(self):
        """Until QEMU runs, and its program with it."""
        self.wait(lambda: "qemu-system-x86_64" in self.processes().values(),
                  "no guest")

    def nothing_left(self):
        self.wait(lambda: not self.left(), "something is left")


SIGNALS = [signal.SIGPIPE, signal.SIGTERM, signal.SIGHUP, signal.SIGINT,
           signal.SIGKILL]


@pytest.fixture(name="wrap")
def fixture_wrap(tmp_path):
    """A Wrapper for an argv; what a failed test leaves is ended."""
    wrapper = Wrapper(tmp_path)

    def wrap(argv):
        wrapper.argv = argv
        return wrapper

    yield wrap
    for pid in wrapper.processes():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture(name="wrapper", params=[run_sh, debug_sh, harness, matrix],
                ids=lambda make: make.__name__)
def fixture_wrapper(request, wrap, tmp_path):
    return wrap(request.param(tmp_path))


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal(wrapper, number):
    """To the wrapper alone."""
    if number == signal.SIGINT and "debug.sh" in str(wrapper.argv):
        pytest.skip("Ctrl-C is for gdb")
    if number == signal.SIGPIPE and wrapper.argv[0] == sys.executable:
        pytest.skip("Python ignores it")
    with wrapper.start() as started:
        wrapper.wait_guest()
        started.send_signal(number)
        # Also: whoever reads what it writes comes to the end.
        started.communicate(timeout=HANG)
    assert started.returncode != 0
    wrapper.nothing_left()


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_to_its_group(wrapper, number):
    """As a terminal sends them, and timeout(1)."""
    if number == signal.SIGPIPE and wrapper.argv[0] == sys.executable:
        pytest.skip("Python ignores it")
    with wrapper.start() as started:
        wrapper.wait_guest()
        os.killpg(started.pid, number)
        # Ctrl-C stops gdb's guest: gdb goes on with what is typed.
        started.communicate(timeout=HANG)
    wrapper.nothing_left()


@pytest.mark.parametrize("moment", range(8))
def test_a_signal_at_any_moment(wrapper, moment):
    """Of its start."""
    with wrapper.start() as started:
        time.sleep(moment * 0.03)
        started.send_signal(signal.SIGTERM)
        started.communicate(timeout=HANG)
    wrapper.nothing_left()


def test_a_closed_terminal(wrapper):
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.execvpe(wrapper.argv[0], list(map(str, wrapper.argv)),
                   wrapper.environment)
    guard.tell("process", child)
    if "run.sh" in str(wrapper.argv):
        os.write(terminal, b"\n")	# Press Enter to boot.
    wrapper.wait_guest()
    os.close(terminal)
    os.waitpid(child, 0)
    guard.tell("ended", child)
    wrapper.nothing_left()


FILL = """
import os
with open(os.environ["TMPDIR"] + "/all", "wb") as file:
    try:
        while True:
            file.write(bytes(4096))
            file.flush()
    except OSError:
        os._exit(0)
"""


def test_a_full_disk(wrapper, tmp_path):
    """Words, and nothing is left. The harness has its guest by then."""
    full = tmp_path / "full"
    full.mkdir()
    wrapper.environment["TMPDIR"] = str(full)
    fill = f"{sys.executable} -c '{FILL}'"
    if "run_matrix" in str(wrapper.argv):
        pytest.skip("its folder is chosen")
    if wrapper.argv[0] == sys.executable:
        wrapper.argv[-1] = BOOTS.replace(
            "    guest.wait_text", f"    import os; os.system({fill!r})\n"
            "    guest.wait_text")
        fill = ":"
    script = ('mount -t tmpfs -o size=4m none "$0" && '
              f'{{ {fill}; "$@"; status=$?; ls -A "$0"; exit $status; }}')
    argv = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    if guard.run([*argv, 'mount -t tmpfs none "$0"', str(full)],
                 stdin=subprocess.DEVNULL).returncode:
        pytest.skip("nothing can be mounted here")
    wrapper.argv = [*argv, script, str(full), *wrapper.argv]
    with wrapper.start() as started:
        said = started.communicate(timeout=HANG)[0].decode()
    assert started.returncode not in (0, 33), said
    assert "No space left" in said, said
    assert said.splitlines()[-1] == "all", said
    wrapper.nothing_left()


# ---- Other ends of pipes ----------------------------------------------------

@pytest.mark.parametrize("cmdline", ["", "exit"])
def test_nobody_reads_what_run_sh_writes(wrap, tmp_path, cmdline):
    wrapper = wrap(run_sh(tmp_path, cmdline))
    with wrapper.start() as started:
        started.stdout.close()
        started.wait(HANG)
    wrapper.nothing_left()


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_run_sh_whose_reader_does_not_read(wrap, tmp_path, number):
    """So that its pipe is full."""
    wrapper = wrap(run_sh(tmp_path, f"fire={HANG:.0f}"))
    with wrapper.start() as started:
        sizes = [0]

        def is_full():
            time.sleep(0.5)
            size = fcntl.ioctl(started.stdout, termios.FIONREAD, bytes(4))
            sizes.append(struct.unpack("i", size)[0])
            return sizes[-1] > 10000 and sizes[-1] == sizes[-2]

        wrapper.wait(is_full, "the pipe does not get full")
        started.send_signal(number)
        started.wait(HANG)
        wrapper.nothing_left()


def test_debug_sh_with_input_that_never_ends(wrap, tmp_path):
    """gdb would look for the end of its line, with all memory there is."""
    wrapper = wrap(debug_sh(tmp_path))
    with open("/dev/zero", "rb") as zeros:
        with wrapper.start(stdin=zeros) as started:
            said = started.communicate(timeout=HANG)[0].decode()
    assert "what is typed is no text in lines" in said
    wrapper.nothing_left()


@pytest.mark.parametrize("killed", ["gdb", "qemu-system-x86_64", "python3"])
def test_a_part_of_debug_sh_that_crashes(wrap, tmp_path, killed):
    """The others end, too: gdb when its input does."""
    wrapper = wrap(debug_sh(tmp_path))
    with wrapper.start() as started:
        wrapper.wait_guest()
        for pid, name in wrapper.processes().items():
            if os.path.basename(name) == killed:
                os.kill(pid, signal.SIGKILL)
        started.communicate(timeout=HANG)
    wrapper.nothing_left()
