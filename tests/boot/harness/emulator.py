"""What every emulator has: text channels, waiting, a screen, an end."""

import os
import select
import time

# Seconds without the awaited event after which the guest counts as hanging.
HANG = float(os.environ.get("HANG_TIMEOUT",
                            "600" if "COVERAGE" in os.environ else "60"))


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

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def sources(self):
        """What can bring news; each has fileno() and receive()."""
        return [c for c in (self.serial, self.debugcon) if c and c.open]

    def pump(self, deadline):
        """Wait for one piece of news and take it in; was there any?"""
        sources = self.sources()
        if not sources:
            self.status = self.process.wait()
            raise GuestDied(f"ended with status {self.status}")
        wait = max(0, deadline - time.monotonic())
        ready = select.select(sources, [], [], wait)[0]
        for source in ready:
            source.receive()
        return bool(ready)

    def wait(self, condition, timeout=None):
        """Return condition()'s first true value; raise Hang or GuestDied."""
        timeout = timeout or HANG
        deadline = time.monotonic() + timeout
        while True:
            value = condition()
            if value:
                return value
            if not self.pump(deadline) and time.monotonic() >= deadline:
                raise Hang(f"nothing came of it in {timeout:.0f} s")

    def wait_text(self, pattern, channel=None, timeout=None):
        channel = channel or self.serial
        return self.wait(lambda: channel.find(pattern), timeout)

    def wait_end(self, timeout=None):
        """Wait until the emulator ends by itself; its exit status."""
        try:
            self.wait(lambda: self.status is not None, timeout)
        except GuestDied:
            pass
        return self.status

    def wait_screen(self, pattern, timeout=None):
        """Wait until the screen shows the pattern; the Screen.

        A screen sends no events, so it is looked at again and again.
        """
        timeout = timeout or HANG
        deadline = time.monotonic() + timeout
        while True:
            screen = self.screen()
            if screen and screen.shows(pattern):
                return screen
            if time.monotonic() >= deadline:
                raise Hang(f"the screen never showed {pattern!r}")
            self.pump(time.monotonic() + 0.05)

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
