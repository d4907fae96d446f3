"""The least of an RFB (VNC) client: a picture, a key. RFC 6143."""

import socket
import struct

FRAMEBUFFER_UPDATE = 0
RAW = 0
SECURITY_NONE = 1


class Rfb:
    """A connection to 127.0.0.1:port."""

    def __init__(self, port, timeout):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.stream = self.socket.makefile("rb")
        self.socket.sendall(b"RFB 003.003\n" if self.stream.read(12) else b"")
        if self.number(">I") != SECURITY_NONE:
            raise ConnectionError("the RFB server wants a password")
        self.socket.sendall(b"\1")
        self.width, self.height = self.numbers(">HH")
        self.format = self.numbers(">BBBBHHHBBB3x")
        self.stream.read(self.number(">I"))
        self.socket.sendall(struct.pack(">BxHi", 2, 1, RAW))

    def numbers(self, layout):
        data = self.stream.read(struct.calcsize(layout))
        if len(data) < struct.calcsize(layout):
            raise ConnectionError("the RFB server went away")
        return struct.unpack(layout, data)

    def number(self, layout):
        return self.numbers(layout)[0]

    def picture(self):
        """(width, height, RGB bytes) of the whole display.

        Bochs draws and serves in two threads and loses requests between
        them: each smaller update that arrives repeats the request.
        """
        rows = [bytearray(self.width) for _ in range(self.height)]
        self.request()
        while not self.update(rows):
            self.request()
        colours = [self.rgb(value) for value in range(256)]
        pixels = b"".join(colours[value] for row in rows for value in row)
        return self.width, self.height, pixels

    def request(self):
        """FramebufferUpdateRequest, not incremental."""
        self.socket.sendall(struct.pack(">BBHHHH", 3, 0, 0, 0,
                                        self.width, self.height))

    def key(self, keysym):
        """Press a key and let it go; keysym as X11 numbers them."""
        for down in (1, 0):
            self.socket.sendall(struct.pack(">BBxxI", 4, down, keysym))

    def update(self, rows):
        """Take in one message; was it the whole picture?"""
        kind = self.number(">B")
        if kind != FRAMEBUFFER_UPDATE:
            raise ConnectionError(f"RFB message {kind}")
        whole = False
        for _ in range(self.number(">xH")):
            x, y, width, height, encoding = self.numbers(">HHHHi")
            if encoding != RAW:
                raise ConnectionError(f"RFB encoding {encoding}")
            for row in range(y, y + height):
                rows[row][x:x + width] = self.stream.read(width)
            whole |= (width, height) == (self.width, self.height)
        return whole

    def rgb(self, value):
        """One byte of the server's own pixel format -> three.

        Bochs has 8 or 4 levels where a text screen's colours have 4, and
        rounds them its own way: each level goes to the third it means.
        """
        reds, greens, blues, *shifts = self.format[4:10]
        levels = [(value >> shift & top, top)
                  for top, shift in zip((reds, greens, blues), shifts)]
        return bytes(85 * (0 if level == 0 else 3 if level == top else
                           1 if 2 * level <= top else 2)
                     for level, top in levels)

    def close(self):
        self.stream.close()
        self.socket.close()
