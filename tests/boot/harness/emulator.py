"""What every emulator has: text channels, waiting, a screen, an end."""

import os
import select
import subprocess
import time

# Seconds without the awaited event after which the guest counts as hanging.
HANG = float(os.environ.get("HANG_TIMEOUT",
                            "600" if "COVERAGE" in os.environ else "60"))

# Seconds between two looks at what sends no news.
POLL = 0.05

# So much of a guest's text is kept in the words of a Hang.
LAST_LINES = 8


class GuestDied(Exception):
    """The emulator ended while something was still awaited."""


class Hang(Exception):
    """The awaited event did not come."""


class Emulator:
    """A running emulator; use as a context manager.

    directory         where serial.txt, debugcon.txt, screen.* go
    argv              its whole command line
    serial, debugcon  Channel
    status            exit status once it has ended, else None
    """

    def __init__(self, directory):
        self.directory = directory
        self.argv = []
        self.process = None
        self.status = None
        self.serial = None
        self.debugcon = None
        self.last_screen = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def sources(self):
        """What can bring news; each has fileno() and receive()."""
        return [c for c in (self.serial, self.debugcon) if c and c.open]

    def pump(self, deadline):
        """Wait for one piece of news and take it in, or get rid of what is to
        be sent; was there any?"""
        sources = self.sources()
        wait = max(0, deadline - time.monotonic())
        if not sources:
            try:
                self.status = self.process.wait(wait)
            except subprocess.TimeoutExpired:
                return False
            raise GuestDied(f"ended with status {self.status}")
        sending = {channel.outgoing: channel
                   for channel in (self.serial, self.debugcon)
                   if channel and channel.unsent}
        ready, writable, _ = select.select(sources, sending, [], wait)
        for source in ready:
            source.receive()
        for number in writable:
            sending[number].flush()
        return bool(ready or writable)

    def wait(self, condition, timeout=None, poll=None,
             what="nothing came of it"):
        """Return condition()'s first true value; raise Hang or GuestDied.

        poll  seconds after which to look again even if there is no news
        what  the Hang's words
        """
        timeout = timeout or HANG
        deadline = time.monotonic() + timeout
        while True:
            value = condition()
            if value:
                return value
            if time.monotonic() >= deadline:
                raise Hang(f"{what} in {timeout:.0f} s{self.last_words()}")
            self.pump(min(deadline, time.monotonic() + (poll or timeout)))

    def last_words(self):
        """What a Hang says of the guest."""
        for name, channel in (("the serial line", self.serial),
                              ("port E9h", self.debugcon)):
            if channel and channel.data:
                lines = channel.text.split("\n")[-LAST_LINES:]
                return "".join([f"; {name} ends:",
                                *[f"\n    | {line}" for line in lines]])
        return "; it said nothing"

    def wait_text(self, pattern, channel=None, timeout=None):
        channel = channel or self.serial
        return self.wait(lambda: channel.find(pattern), timeout,
                         what=f"{pattern!r} did not come")

    def wait_end(self, timeout=None):
        """Wait until the emulator ends by itself; its exit status."""
        try:
            self.wait(lambda: self.status is not None, timeout,
                      what="it did not end")
        except GuestDied:
            pass
        return self.status

    def wait_screen(self, pattern, timeout=None):
        """Wait until the screen shows the pattern; the Screen.

        A screen sends no events, so it is looked at again and again.
        """
        def shown():
            self.last_screen = self.screen() or self.last_screen
            return (self.last_screen and self.last_screen.shows(pattern) and
                    self.last_screen)

        self.last_screen = None
        try:
            return self.wait(shown, timeout, poll=POLL,
                             what=f"the screen never showed {pattern!r}")
        except Hang as reason:
            seen = self.last_screen.text if self.last_screen else "nothing"
            raise Hang(f"{reason}\nThe screen shows:\n{seen}") from None

    def screen(self):
        """The Screen as it is now; None when there is none to read."""
        raise NotImplementedError

    def stop(self):
        """End the emulator if it still runs and keep all it said."""
        raise NotImplementedError

    def close_channels(self):
        for channel in (self.serial, self.debugcon):
            if channel:
                channel.drain()
