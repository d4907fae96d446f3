"""A stream of text from the guest, recorded and searched as it arrives."""

import re
import socket


class Channel:
    """A connection; without one given, our end of a new socket pair.

    record  the file that keeps all that came
    """

    def __init__(self, record, connection=None):
        self.ours, self.theirs = connection, None
        if not connection:
            self.ours, self.theirs = socket.socketpair()
        self.record = open(record, "wb", buffering=0)
        self.data = b""
        self.open = True

    def fileno(self):
        return self.ours.fileno()

    def receive(self):
        """Take what has arrived; the caller knows that something has."""
        try:
            piece = self.ours.recv(65536)
        except ConnectionResetError:
            piece = b""
        if not piece:
            self.open = False
        self.data += piece
        self.record.write(piece)

    def send(self, data):
        self.ours.sendall(data)

    @property
    def text(self):
        """What was printed, with plain line ends."""
        return self.data.decode("cp437").replace("\r\n", "\n")

    def find(self, pattern):
        return re.search(pattern, self.text, re.MULTILINE)

    def drain(self):
        """Take the rest; the other end is closed."""
        while self.open:
            self.receive()
        self.ours.close()
        self.record.close()
