"""A stream of text from the guest, recorded and searched as it arrives."""

import fcntl
import os
import pathlib
import re


class Channel:
    """Text that comes in at one file descriptor and goes out at another.

    record  the file that keeps all that came
    unsent  what is to be sent
    """

    def __init__(self, record, incoming, outgoing):
        self.incoming, self.outgoing = incoming, outgoing
        self.record = open(record, "wb", buffering=0)
        self.data = b""
        self.unsent = b""
        self.open = True

    def fileno(self):
        return self.incoming

    def receive(self):
        """Take what has arrived; the caller knows that something has."""
        try:
            piece = os.read(self.incoming, 65536)
        except BlockingIOError:
            return	# Linux may wake a reader for nothing
        except ConnectionResetError:
            piece = b""
        if not piece:
            self.open = False
        self.data += piece
        self.record.write(piece)

    def stop_reading(self):
        """Leave the other end with a full pipe, as nobody's cable does."""
        self.open = False
        fcntl.fcntl(self.incoming, fcntl.F_SETPIPE_SZ, 4096)
        filler = os.open(f"/dev/fd/{self.incoming}",
                         os.O_WRONLY | os.O_NONBLOCK)
        try:
            while True:
                os.write(filler, bytes(4096))
        except BlockingIOError:
            os.close(filler)

    def send(self, data):
        """Nothing is lost: what the other end does not take yet is sent
        while something is awaited."""
        self.unsent += data
        self.flush()

    def flush(self):
        """Send what the other end takes."""
        try:
            self.unsent = self.unsent[os.write(self.outgoing, self.unsent):]
        except BlockingIOError:
            pass

    @property
    def text(self):
        """What was printed, with plain line ends."""
        return self.data.decode("cp437").replace("\r\n", "\n")

    def find(self, pattern):
        return re.search(pattern, self.text, re.MULTILINE)

    def drain(self):
        """Take the rest; the other end is closed."""
        before = None
        self.unsent = b""
        while self.open and len(self.data) != before:
            before = len(self.data)
            self.receive()
        for number in {self.incoming, self.outgoing}:
            os.close(number)
        self.record.close()


def fifo_pair(path):
    """(incoming, outgoing) of path.out and path.in, QEMU's "pipe" chardev.

    A UART takes its time for nobody: where a socket holds a few hundred
    single characters, a pipe holds a boot's worth, so that a busy host does
    not make the guest believe that its port is dead.
    """
    for end in (".in", ".out"):
        pathlib.Path(path + end).unlink(missing_ok=True)
        os.mkfifo(path + end)
    incoming = os.open(path + ".out", os.O_RDONLY | os.O_NONBLOCK)
    outgoing = os.open(path + ".in", os.O_RDWR | os.O_NONBLOCK)
    try:
        fcntl.fcntl(incoming, fcntl.F_SETPIPE_SZ, 1 << 20)
    except OSError:
        pass  # the default, 64 KiB, will do
    return incoming, outgoing
