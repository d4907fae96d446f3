"""make run: how a guest's end is told, and what explains a reset."""

import os
import re
import shutil
import subprocess
import time

import pytest

from conftest import BUILD, ROOT
from harness import guard
from harness.emulator import HANG

PROLOGUE = "org 0x7C00\nbits 16\n"
EPILOGUE = "\ntimes 510 - ($ - $$) db 0\ndw 0xAA55\n"

END = """
	mov	dx, 0x3F8
	mov	al, '!'
	out	dx, al
	mov	dx, 0xF4
	mov	al, {}
	out	dx, al
	hlt
"""

# 32-bit code without a usable IDT; {} is where it faults.
RESET = """
	cli
	xor	ax, ax
	mov	ds, ax
	lgdt	[gdt_pointer]
	mov	eax, cr0
	or	al, 1
	mov	cr0, eax
	jmp	8:protected
bits 32
protected:
	mov	ax, 16
	mov	ds, ax
	lidt	[empty]
	{}
	hlt
empty:	dw 0
	dd 0
gdt:	dq 0, 0x00CF9A000000FFFF, 0x00CF92000000FFFF
gdt_pointer: dw 23
	dd gdt
"""


def image(directory, code):
    """A directory that looks like a build, with one boot sector in it."""
    source = directory / "code.asm"
    source.write_text(PROLOGUE + code + EPILOGUE)
    subprocess.run(["nasm", "-f", "bin", "-o", directory / "firstlight.img",
                    source], check=True)
    return directory / "firstlight.img"


def run(path, stdin=subprocess.DEVNULL, **variables):
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment.update(variables)
    ended = guard.run(["sh", "tools/run.sh", str(path)], cwd=ROOT,
                      env=environment, stdin=stdin, text=True,
                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                      timeout=HANG)
    return ended.returncode, ended.stdout


def test_success(tmp_path):
    status, text = run(image(tmp_path, END.format("0x10")))
    assert status == 0, text
    assert "ended with success (QEMU status 33)" in text
    assert "!" in text
    assert (tmp_path / "run-serial.log").read_text() == "!"


def test_says_how_to_leave_first(tmp_path):
    _, text = run(image(tmp_path, END.format("0x10")))
    assert text.index("To leave: press Ctrl-C") < text.index("!")


def test_failure(tmp_path):
    status, text = run(image(tmp_path, END.format("0x11")))
    assert status == 35
    assert "ended with failure (QEMU status 35)" in text


def test_reset_without_a_fault(tmp_path):
    status, text = run(image(tmp_path, "\tmov al, 0xFE\n\tout 0x64, al\n\thlt\n"))
    assert status == 0
    assert "QEMU was closed, or the guest switched off or reset" in text


@pytest.mark.parametrize("fault, words", [
    ("ud2", "#UD invalid opcode"),
    ("xor edx, edx\n\tdiv edx", "#DE divide error"),
    ("mov ax, 0xFFF8\n\tmov es, ax",
     "#GP general protection, error code fff8"),
    ("int 0x30", "interrupt 0x30"),
])
def test_triple_fault(tmp_path, fault, words):
    status, text = run(image(tmp_path, RESET.format(fault)))
    assert status == 1
    lines = text[text.index("a triple fault"):].splitlines()
    assert re.match(rf" *first: *{re.escape(words)}", lines[1]), text
    assert "32-bit code" in lines[2]
    assert "#DF double fault" in lines[-2]


def test_triple_fault_of_a_page(tmp_path):
    paging = """
	mov	eax, 0x1000
	mov	cr3, eax
	mov	dword [0x1000], 0x2007
	mov	dword [0x2000 + 7 * 4], 0x7007
	mov	eax, cr0
	or	eax, 0x80000000
	mov	cr0, eax
	mov	eax, [0x1234]"""
    status, text = run(image(tmp_path, RESET.format(paging)))
    assert status == 1
    assert "first: #PF page fault, error code 0000, " \
        "address 0x0000000000001234" in text


def test_triple_fault_names_the_source(tmp_path):
    """With an ELF file beside the image: symbol, file and line."""
    code = RESET.format("ud2")
    path = image(tmp_path, code)
    source = tmp_path / "place.asm"
    source.write_text("section .text16 progbits alloc exec\nbits 16\n" +
                      code)
    line = source.read_text().splitlines().index("\tud2") + 1
    subprocess.run(["nasm", "-f", "elf64", "-g", "-F", "dwarf", "-o",
                    tmp_path / "place.o", source], check=True)
    linked = subprocess.run(
        ["ld", "--section-start=.text16=0x7C00", "-e", "0x7C00", "-o",
         tmp_path / "bootsector.elf", tmp_path / "place.o"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False)
    assert linked.returncode == 0, linked.stdout
    _, text = run(path)
    assert f"protected in bootsector (place.asm:{line})" in text


def test_triple_fault_of_the_kernel(tmp_path):
    """Nobody had to ask for it."""
    for name in ("bootsector", "stage2", "kernel"):
        shutil.copy(BUILD / f"{name}.elf", tmp_path)
    status, text = run(kernel_image(tmp_path, "panic=reset"))
    assert status == 1
    assert re.search(r"a triple fault. What led to it:\n"
                     r" *first: #UD invalid opcode, error code 0000\n"
                     r" *at 0x\w{16}, 64-bit code: provoke_reset in kernel "
                     r"\(provoke.c:\d+\)\n", text), text


def test_triple_fault_of_a_kernel_of_your_own(tmp_path):
    """It is called like its image."""
    (tmp_path / "own.c").write_text(
        "static const unsigned short no_idt[5];\n"
        "void _start(void)\n{\n"
        '\t__asm__ volatile("lidt %0; ud2" : : "m"(no_idt));\n}\n')
    for command in (
            ["gcc", "-g", "-ffreestanding", "-fno-pie", "-c", "own.c"],
            ["ld", "-static", "-Ttext=0x200000", "-o", "own.elf", "own.o"],
            [BUILD / "mkimage", "--kernel", "own.elf", "-o", "own.img"]):
        subprocess.run(command, cwd=tmp_path, check=True)
    _, text = run(tmp_path / "own.img")
    assert "64-bit code: _start in own (own.c:4)" in text


def kernel_image(directory, cmdline):
    """Our own kernel with a command line."""
    path = directory / "firstlight.img"
    subprocess.run([BUILD / "mkimage", "--kernel", BUILD / "kernel.elf",
                    "--cmdline", cmdline, "-o", path], check=True)
    return path


def test_panic_shows_the_source(tmp_path):
    status, text = run(kernel_image(tmp_path, "exit panic=pf"))
    assert status == 35, text
    told = text[text.index("The machine is stopped."):]
    assert re.search(r"The kernel panicked in fault_nowhere\(\) at "
                     r"kernel/fault/fault_memory.c:(\d+)\n(.*\n){3}> +\1  .*"
                     r"\*\(volatile char \*\)NOWHERE = 1;\n", told), text
    assert re.search(r"called from fault_cause\(\) at .*:\d+\n"
                     r" +kind->cause\(\);", told)
    assert re.search(r"called from _start\(\) at kernel/entry.asm:\d+\n"
                     r" +call\s+kernel_main", told)
    assert "\033" not in told
    serial = (tmp_path / "run-serial.log").read_text()
    assert "The machine is stopped." in serial
    assert "The kernel panicked" not in serial


@pytest.mark.parametrize("cmdline, error", [
    ("exit panic=pf", None), ("panic=reset", None), ("exit test=nosuch", 35),
    ("explore=wrong-wait:c3", None),
])
def test_a_panic_on_purpose_is_no_error_of_make(tmp_path, cmdline, error):
    path = kernel_image(tmp_path, cmdline)
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("MAKE")}
    ended = guard.run(["make", "run", f"IMAGE={path}", f"CMDLINE={cmdline}",
                       "VIEW=serial"], cwd=ROOT, env=environment, text=True,
                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                      stderr=subprocess.STDOUT, timeout=HANG)
    assert re.search("(ended with failure|triple fault)", ended.stdout)
    errors = re.findall(r"^make.*\*\*\*.* Error (\d+)$", ended.stdout, re.MULTILINE)
    assert errors == ([str(error)] if error else [])
    assert (ended.returncode == 0) == (error is None)


def test_panic_is_shown_while_the_machine_stands_still(tmp_path):
    path = kernel_image(tmp_path, "panic=plain")
    with guard.Process(["sh", "tools/run.sh", str(path)], cwd=ROOT,
                       stdin=subprocess.DEVNULL, text=True,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                       env={**os.environ, "COLOR": "always",
                            "VIEW": "serial"}) as running:
        try:
            for line in running.stdout:
                if "call\tkernel_main" in line:
                    break
                last = line
            assert "called from _start()" in last
            assert running.poll() is None
        finally:
            running.terminate()


@pytest.mark.parametrize("lines", [
    ["gdt", "poweroff"], ["poweroff"],
    ["x/65536 0x100000"] + ["gdt", "symbol kernel_main"] * 600 + ["poweroff"],
], ids=["README", "one", "many"])
def test_what_is_piped_in_is_typed(lines, tmp_path):
    """From its first character on, though it is there before the guest; to
    its last one, though the guest is busy for seconds."""
    path = kernel_image(tmp_path, "")
    with (tmp_path / "lines").open("w+") as keys:
        keys.write("".join(line + "\n" for line in lines))
        keys.seek(0)
        status, text = run(path, stdin=keys, VIEW="serial")
    assert status == 0, text
    assert re.findall("^> (.*)$", text, re.MULTILINE) == lines
    assert ("00  null" in text) == ("gdt" in lines)


def test_an_input_that_stays_open(tmp_path):
    """Does not keep the machine from ending."""
    with subprocess.Popen(["sleep", "300"], stdout=subprocess.PIPE) as silent:
        try:
            status, text = run(kernel_image(tmp_path, "exit"),
                               stdin=silent.stdout, VIEW="serial")
        finally:
            silent.kill()
    assert status == 0, text


def test_a_closed_input(tmp_path):
    """Is an empty one."""
    path = kernel_image(tmp_path, "exit")
    ended = guard.run(["sh", "-c", 'sh tools/run.sh "$0" <&-', path],
                      cwd=ROOT, env={**os.environ, "VIEW": "serial"},
                      text=True, stdout=subprocess.PIPE,
                      stderr=subprocess.STDOUT, timeout=HANG)
    assert ended.returncode == 0, ended.stdout
    assert "descriptor" not in ended.stdout


STRANGE = ["a,b/k.img", "k:2.img", "nbd:k.img", "c,/k,,.img", "my dir/k.img",
           "it's/k.img", "json:{}.img", "-k.img", "x%d/k.img"]


@pytest.mark.parametrize("name", STRANGE)
def test_strange_names(tmp_path, name):
    """As QEMU, gdb and the shell would have them: relative, too."""
    kernel_image(tmp_path, "exit")
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    (tmp_path / "firstlight.img").rename(path)
    folder = tmp_path / f"t{name.replace('/', '')}"
    folder.mkdir()
    for image_name in (name, path):
        ended = guard.run(
            ["sh", ROOT / "tools/run.sh", image_name], cwd=tmp_path,
            env={**os.environ, "VIEW": "serial", "TMPDIR": str(folder)},
            text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=HANG)
        assert ended.returncode == 0, ended.stdout
        assert "firstlight: ready" in \
            (path.parent / "run-serial.log").read_text()


@pytest.mark.parametrize("wrapper, log", [
    (["tools/run.sh"], "run-serial.log"),
    (["tools/debug/debug.sh"], "debug-serial.log")])
def test_a_folder_that_cannot_be_written(tmp_path, wrapper, log):
    """Not even by root: where the log should be is a folder."""
    if "debug" in log and not shutil.which("gdb"):
        pytest.skip("no gdb")
    path = kernel_image(tmp_path, "exit")
    for elf in BUILD.glob("*.elf"):
        shutil.copy(elf, tmp_path)
    (tmp_path / log).mkdir()
    folder = tmp_path / "tmp"
    folder.mkdir()
    ended = guard.run(["sh", *wrapper, path], cwd=ROOT,
                      env={**os.environ, "VIEW": "serial",
                           "TMPDIR": str(folder)},
                      input="delete\nc\n", text=True, stdin=subprocess.PIPE,
                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                      timeout=HANG)
    assert ended.returncode == 0, ended.stdout
    kept, = folder.iterdir()
    assert str(kept) in ended.stdout
    assert "firstlight: ready" in kept.read_text()


def test_refuses_nonsense(tmp_path):
    status, text = run(tmp_path / "nothing.img")
    assert status == 1
    assert "make builds it" in text
    status, text = run(image(tmp_path, "\thlt"), VIEW="cinema")
    assert status == 2
    assert "window, curses or serial" in text
    status, text = run(tmp_path / "firstlight.img", QEMU="no-such-qemu")
    assert status == 1
    assert "sh tools/setup.sh" in text


def test_says_when_qemu_fails(tmp_path):
    path = image(tmp_path, "\thlt")
    status, text = run(path, QEMU_FLAGS="-no-such-flag")
    assert status == 1
    assert "QEMU ended with status 1" in text


class Terminal:
    """tools/run.sh in a terminal of its own (tmux)."""

    def __init__(self, directory, path, rows=60, *settings):
        """settings  of the environment, as for env(1)"""
        self.socket = directory / "tmux"
        self.tmux("new-session", "-d", "-s", "run", "-x", "100", "-y",
                  str(rows), "-c", str(ROOT), "env", "-u", "DISPLAY",
                  "-u", "WAYLAND_DISPLAY", *settings, "sh", "-c",
                  f"sh tools/run.sh {path}; echo status $?; read x")
        self.server = self.tmux("display", "-p", "#{pid}").strip()
        guard.tell("process", self.server)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.tmux("kill-server")
        guard.tell("ended", self.server)

    def tmux(self, *arguments):
        return subprocess.run(["tmux", "-f", "/dev/null", "-S", self.socket,
                               *arguments], text=True, check=False,
                              stdout=subprocess.PIPE).stdout

    def type(self, *keys):
        self.tmux("send-keys", "-t", "run", *keys)

    def wait_for(self, words):
        until = time.monotonic() + HANG
        while words not in (screen := self.tmux("capture-pane", "-p", "-t",
                                                "run")):
            assert time.monotonic() < until, f"no {words!r} on:\n{screen}"
            time.sleep(0.1)


@pytest.mark.skipif(not shutil.which("tmux"), reason="no tmux")
def test_curses_in_a_terminal(tmp_path):
    """The screen shows in the terminal, and the words said lead out."""
    path = image(tmp_path, """
	mov	si, text
.next:	lodsb
	mov	ah, 0x0E
	int	0x10
	cmp	al, '.'
	jne	.next
	hlt
	jmp	$
text:	db "here we are."
""")
    with Terminal(tmp_path, path) as terminal:
        terminal.wait_for("press Alt-2 (or Esc and 2 at once), type quit")
        terminal.wait_for("Press Enter to boot.")
        terminal.type("Enter")
        terminal.wait_for("here we are.")
        # Seen before the escape can have been part of another key.
        terminal.type("Escape", "2")
        terminal.wait_for("(qemu)")
        terminal.type("quit", "Enter")
        terminal.wait_for("status 0")


@pytest.mark.skipif(not shutil.which("tmux"), reason="no tmux")
def test_panic_in_curses(tmp_path):
    """All 25 rows are seen, whatever size the environment claims. The source is
    shown once the terminal is free again."""
    path = kernel_image(tmp_path, "panic=pf")
    with Terminal(tmp_path, path, 60, "LINES=24", "COLUMNS=80") as terminal:
        terminal.wait_for("Press Enter to boot.")
        terminal.type("Enter")
        terminal.wait_for("The machine is stopped.")
        terminal.type("Escape", "2")
        terminal.wait_for("(qemu)")
        terminal.type("quit", "Enter")
        terminal.wait_for("*(volatile char *)NOWHERE = 1;")
        terminal.wait_for("status 0")


@pytest.mark.skipif(not shutil.which("tmux"), reason="no tmux")
def test_terminal_without_room_for_the_screen(tmp_path):
    """The serial line needs none."""
    path = kernel_image(tmp_path, "exit")
    with Terminal(tmp_path, path, 24) as terminal:
        terminal.wait_for("To leave: press Ctrl-A, then x.\n"
                          "This terminal has 24 rows of 100 columns, the "
                          "machine's screen 25 of 80. ")
        terminal.wait_for("status 0")


@pytest.mark.skipif(not shutil.which("tmux"), reason="no tmux")
def test_terminal_that_grows(tmp_path):
    """For who wants curses in any case. The last row has the prompt."""
    path = kernel_image(tmp_path, "")
    with Terminal(tmp_path, path, 24, "VIEW=curses") as terminal:
        terminal.wait_for("screen 25 of 80. Enlarge it to see all.\n"
                          "Press Enter to boot.")
        terminal.type("Enter")
        terminal.wait_for("firstlight: ready")
        terminal.tmux("resize-window", "-t", "run", "-y", "25")
        terminal.wait_for("\n          >")


# ---- STRICT=1: what a test may believe --------------------------------------

HELLO = """
	mov	ax, 0xB800
	mov	es, ax
	xor	di, di
	mov	cx, 2000
	mov	ax, 0x0720
	cld
	rep stosw
	mov	dword [es:0], 0x07690748	; "Hi" in grey
	cli
	hlt
"""


def test_strict_success(tmp_path):
    status, text = run(image(tmp_path, END.format("0x10")), STRICT="1")
    assert status == 0, text


def test_strict_failure(tmp_path):
    status, _ = run(image(tmp_path, END.format("0x11")), STRICT="1")
    assert status == 35


def test_strict_reset_is_no_success(tmp_path):
    status, text = run(image(tmp_path, "\tmov al, 0xFE\n\tout 0x64, al\n\thlt\n"),
                       STRICT="1")
    assert status == 1
    assert "STRICT=1 wants QEMU's status 33" in text


def test_hang_ends_with_its_screen(tmp_path):
    status, text = run(image(tmp_path, HELLO), STRICT="1", TIMEOUT="2")
    assert status == 124
    assert "Nothing came on the serial line. The text screen:\n  Hi\n" in text
    assert "did not end in 2 seconds" in text


def test_a_time_that_is_none(tmp_path):
    status, text = run(image(tmp_path, HELLO), TIMEOUT="soon")
    assert status == 2
    assert "TIMEOUT=soon is no number of seconds" in text


def own_kernel(directory, code):
    (directory / "own.c").write_text(code)
    for command in (["gcc", "-g", "-ffreestanding", "-fno-pie", "-mno-red-zone",
                     "-fno-stack-protector", "-c", "own.c"],
                    ["ld", "-static", "-Ttext=0x200000", "-o", "own.elf", "own.o"]):
        subprocess.run(command, cwd=directory, check=True)
    return directory / "own.elf"


def test_a_kernel_is_made_an_image(tmp_path):
    kernel = own_kernel(tmp_path, "void _start(void)\n{\n\t__asm__("
                        '"mov $0x10, %al; out %al, $0xF4; hlt");\n}\n')
    status, text = run(kernel, STRICT="1")
    assert status == 0, text
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "own.c", "own.elf", "own.o", "run-serial.log"]


@pytest.mark.parametrize("code, number, line", [
    ("void _start(void)\n{\n\t__asm__(\"ud2\");\n}\n", 43, 3),
    ("void _start(void)\n{\n}\n", 42, 2)])
def test_a_loaders_error_names_the_line(tmp_path, code, number, line):
    """And leaves QEMU: nobody waits for a time limit."""
    status, text = run(own_kernel(tmp_path, code), STRICT="1")
    assert status == 35
    assert f"firstlight: error {number}: " in text
    assert re.search(rf"0x\w+ is in _start at .*own\.c:{line}", text), text


def test_a_file_that_is_no_kernel(tmp_path):
    (tmp_path / "bad.elf").write_bytes(b"\177ELF\2\1\1")
    status, text = run(tmp_path / "bad.elf", STRICT="1")
    assert status == 1
    assert "mkimage: " in text


def test_no_mkimage(tmp_path):
    (tmp_path / "bad.elf").write_bytes(b"\177ELF\2\1\1")
    status, text = run(tmp_path / "bad.elf", MKIMAGE=str(tmp_path / "none"))
    assert status == 1
    assert "run make, or name one in MKIMAGE" in text
