"""The harness's waits: each ends in time, and a failure says what was seen."""

import os
import shutil
import socket
import struct

import pytest

from booting import boot
from harness import recipe
from harness.bochs import Bochs
from harness.channel import Channel
from harness.emulator import Emulator, Hang
from harness.machine import Machine
from harness.rfb import RAW, Rfb
from harness.words import READY
from monitor_session import Serial

WIDE, HIGH = 8, 4
GREETING = (b"RFB 003.003\n" + struct.pack(">I", 1) +
            struct.pack(">HHBBBBHHHBBB3xI", WIDE, HIGH,
                        8, 8, 1, 1, 7, 7, 3, 0, 3, 6, 4) + b"name")


@pytest.fixture(name="server")
def fixture_server():
    """(a greeted client, its server's end)"""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        client = Rfb(ours)
        theirs.sendall(GREETING)
        client.receive()
        yield client, theirs


def rectangle(*place, pixels):
    return struct.pack(">BxHHHHHi", 0, 1, *place, RAW) + pixels


def test_pictures_come_in_pieces(server):
    client, theirs = server
    assert (client.width, client.height, client.whole) == (WIDE, HIGH, False)
    for byte in rectangle(0, 0, WIDE, HIGH, pixels=b"\x07" * WIDE * HIGH):
        assert not client.whole
        theirs.sendall(bytes([byte]))
        client.receive()
    assert client.whole
    assert client.rgb() == b"\xff\0\0" * WIDE * HIGH


def test_a_rectangle_is_drawn_in_its_place(server):
    client, theirs = server
    theirs.sendall(rectangle(1, 2, 2, 1, pixels=b"ab"))
    client.receive()
    assert client.pixels == bytes(17) + b"ab" + bytes(13)
    assert not client.whole


def test_what_lies_outside_is_left_out(server):
    client, theirs = server
    theirs.sendall(rectangle(6, 3, WIDE, HIGH, pixels=b"x" * WIDE * HIGH) +
                   rectangle(9, 9, 1, 1, pixels=b"y"))
    client.receive()
    assert client.pixels == bytes(30) + b"xx"
    assert client.open and not client.whole


def test_nonsense_closes_the_connection(server):
    client, theirs = server
    theirs.sendall(b"\x09nonsense")
    client.receive()
    assert not client.open


def test_asking_again_takes_a_while(server):
    client, theirs = server
    client.ask()
    client.ask()
    sent = theirs.recv(100)
    assert sent.endswith(struct.pack(">BBHHHH", 3, 0, 0, 0, WIDE, HIGH))
    assert sent.count(b"\x03\0\0\0\0\0") == 1


def test_what_is_sent_arrives(tmp_path):
    """More than fits into the pipe, at an end that takes its time."""
    incoming, outgoing = os.pipe()
    os.set_blocking(incoming, False)
    os.set_blocking(outgoing, False)
    emulator = Emulator(tmp_path)
    emulator.serial = Channel(tmp_path / "serial.txt", incoming, outgoing)
    data = bytes(range(256)) * 4096
    emulator.serial.send(data[:400000])
    emulator.serial.send(data[400000:])
    emulator.wait(lambda: len(emulator.serial.data) == len(data))
    assert emulator.serial.data == data
    emulator.close_channels()


# ---- A whole Bochs ----------------------------------------------------------

@pytest.fixture(name="bochs")
def fixture_bochs(tmp_path):
    if not shutil.which("bochs"):
        pytest.skip("needs bochs")
    image, _ = recipe.make(recipe.Recipe(cmdline=""), tmp_path)
    machine = Machine(emulator="bochs", cpu="corei7_haswell_4770")
    with Bochs(machine, image, tmp_path) as bochs:
        yield bochs


def test_nobody_looks_at_the_screen(bochs):
    """It changes all the time, the serial line is all that is awaited."""
    monitor = Serial(bochs)
    bochs.wait_screen("^>$")
    assert len(monitor.ask("x/16000 0x100000")) == 1000
    bochs.wait_screen("^>$")


def test_a_screen_connection_that_breaks(bochs):
    Serial(bochs)
    bochs.wait_screen("^>$")
    bochs.rfb.open = False
    bochs.wait_screen("^>$")
    bochs.type("gdt\n")
    bochs.wait_text("^00  null$")


# ---- The words ------------------------------------------------------------

def test_a_hang_says_what_was_seen(tmp_path):
    with boot(tmp_path, "") as qemu:
        Serial(qemu)
        with pytest.raises(Hang, match=r"'never' did not come in 1 s(.|\n)*"
                                       r"\| firstlight: ready\n"):
            qemu.wait_text("never", timeout=1)
        with pytest.raises(Hang, match=r"never showed 'never'(.|\n)*"
                                       r"The screen shows:\n(.|\n)*" +
                                       READY.strip("^$")):
            qemu.wait_screen("never", timeout=1)


def test_an_end_that_does_not_come(tmp_path):
    """All is closed, but the program runs on."""
    with boot(tmp_path, "") as qemu:
        Serial(qemu)
        qemu.sources = lambda: []
        with pytest.raises(Hang, match="it did not end in 1 s"):
            qemu.wait_end(timeout=1)
