"""The least of an RFB (VNC) client: a picture, a key. RFC 6143.

Bochs's server sends what changes on the screen unasked, and writes it to the
connection in the thread that is the guest's CPU: as soon as nobody reads, the
guest stands still. So this client is read as the text channels are, by
receive() whenever something is there.
"""

import struct
import time

FRAMEBUFFER_UPDATE = 0
RAW = 0
SECURITY_NONE = 1

# Bochs forgets to send what it cleared without drawing, and its two threads
# lose requests between them: ask again after so many seconds.
AGAIN = 1


class Rfb:
    """The client's end of a connected socket.

    open           is the connection there, and did all make sense?
    width, height  of the display; 0 before the server's greeting is over
    whole          has a picture of the whole display come?
    """

    def __init__(self, connection):
        self.socket = connection
        self.open, self.whole, self.asked = True, False, None
        self.width = self.height = 0
        self.data = bytearray()
        self.steps = self.talk()
        self.needs = next(self.steps)

    def fileno(self):
        return self.socket.fileno()

    def receive(self):
        """Take what has arrived; the caller knows that something has."""
        try:
            piece = self.socket.recv(1 << 18)
            self.open = bool(piece)
            self.data += piece
            while len(self.data) >= self.needs:
                step = bytes(self.data[:self.needs])
                del self.data[:self.needs]
                self.needs = self.steps.send(step)
        except OSError:
            self.open = False

    def talk(self):
        """The protocol; yields how many bytes it needs, and is sent them."""
        yield len("RFB 003.003\n")
        self.send(b"RFB 003.003\n")
        if struct.unpack(">I", (yield 4)) != (SECURITY_NONE,):
            raise ConnectionError("the RFB server wants a password")
        self.send(b"\1")
        size = yield 4
        self.palette = channels((yield 16))
        yield struct.unpack(">I", (yield 4))[0]  # its name
        self.send(struct.pack(">BxHi", 2, 1, RAW))
        self.width, self.height = struct.unpack(">HH", size)
        self.pixels = bytearray(self.width * self.height)
        while True:
            kind, rectangles = struct.unpack(">BxH", (yield 4))
            if kind != FRAMEBUFFER_UPDATE:
                raise ConnectionError(f"RFB message {kind}")
            for _ in range(rectangles):
                *place, encoding = struct.unpack(">HHHHi", (yield 12))
                if encoding != RAW:
                    raise ConnectionError(f"RFB encoding {encoding}")
                self.draw(*place, (yield place[2] * place[3]))

    def draw(self, left, top, width, height, pixels):
        """Where Bochs's threads mixed two rectangles up, some lies outside."""
        shown = max(0, min(width, self.width - left))
        for row in range(min(height, self.height - top)):
            at = (top + row) * self.width + left
            self.pixels[at:at + shown] = pixels[row * width:][:shown]
        self.whole |= (left, top, width, height) == (0, 0, self.width,
                                                     self.height)

    def send(self, message):
        try:
            self.socket.sendall(message)
        except OSError:
            self.open = False

    def ask(self):
        """Ask for the whole picture, unless that was just done."""
        now = time.monotonic()
        if self.width and (self.asked is None or now - self.asked >= AGAIN):
            self.asked = now
            self.send(struct.pack(">BBHHHH", 3, 0, 0, 0, self.width,
                                  self.height))

    def key(self, keysym, downs=(1, 0)):
        """Press a key and let it go; keysym as X11 numbers them."""
        self.send(b"".join(struct.pack(">BBxxI", 4, down, keysym)
                           for down in downs))

    def rgb(self):
        """What the display shows, 3 bytes for each pixel."""
        pixels = bytearray(3 * len(self.pixels))
        for number, levels in enumerate(self.palette):
            pixels[number::3] = self.pixels.translate(levels)
        return bytes(pixels)

    def close(self):
        self.open = False
        self.socket.close()


def channels(pixel_format):
    """A server's pixel format of one byte -> three tables, one a colour.

    Bochs has 8 or 4 levels where a text screen's colours have 4, and rounds
    them its own way: each level goes to the third it means.
    """
    *tops, red, green, blue = struct.unpack(">4xHHHBBB3x", pixel_format)

    def third(level, top):
        return (0 if level == 0 else 3 if level == top else
                1 if 2 * level <= top else 2)

    return [bytes(85 * third(value >> shift & top, top)
                  for value in range(256))
            for top, shift in zip(tops, (red, green, blue))]
