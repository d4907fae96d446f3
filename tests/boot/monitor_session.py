"""Talks to the kernel's monitor, as a person does."""

import re

PROMPT = "> "


class Serial:
    """The monitor at the other end of COM1."""

    def __init__(self, machine, timeout=None):
        self.machine = machine
        self.timeout = timeout  # in seconds; None: as everywhere
        self.channel = machine.serial
        self.wait_prompt(0)

    def wait_prompt(self, start):
        """Until a prompt stands behind `start`; the text from there on."""
        def there():
            text = self.channel.text[start:]
            return text if text.endswith("\n" + PROMPT) else None
        return self.machine.wait(there, self.timeout)

    def press(self, keys):
        """Send bytes: characters, controls, escape sequences."""
        self.channel.send(keys.encode())

    def ask(self, line):
        """Enter a line; what the monitor answers, as lines."""
        start = len(self.channel.text)
        self.press(line + "\r")
        text = self.wait_prompt(start)
        return text[text.index("\n") + 1:-len(PROMPT)].splitlines()

    def answers(self, line, pattern):
        """Does a line of the answer match the pattern?"""
        return any(re.search(pattern, row) for row in self.ask(line))

    def paste(self, lines):
        """Enter lines all at once, the last another than the rest; what the
        monitor took for lines."""
        start = len(self.channel.text) - len(PROMPT)
        last = f"\n> {lines[-1]}\r\n".encode()
        seen = len(self.channel.data)
        self.press("".join(line + "\r" for line in lines))
        self.machine.wait(lambda: self.channel.data.endswith(b"\n> ") and
                          last in self.channel.data[seen:])
        return re.findall("^> (.+)$", self.channel.text[start:], re.MULTILINE)


def many_lines(count):
    """To be pasted: half of them print."""
    return [line for number in range(count)
            for line in ("gdt", f"hlp{number:04}")]
