"""The codes of lib/boot/errors.h with their words.

A name that ends in _TEXT can be a code's own: the value tells what it is. Two
hexadecimal digits are a code, whose words are the string NAME_TEXT; a letter
is all that is said, or all but a status; its words are its comment.
"""

import collections
import functools
import re

from header import defines
from tree import Wrong

# `about` and `group` as of its Define.
Code = collections.namedtuple("Code", "code name words about group")


def is_letter(code):
    return len(code.code) == 1


def as_shown(code):
    """What the screen says, for a document."""
    if code.name.startswith("BS_"):
        return f"`Boot error {code.code}` and two digits"
    if is_letter(code):
        return f"`{code.code}`, and nothing more"
    kind = "warning" if code.name.startswith("W_") else "error"
    return f"`firstlight: {kind} {code.code}: {code.words}`"


@functools.lru_cache(maxsize=None)
def codes():
    """All codes, in the header's order; each has words and is given once."""
    found, words, names = [], {}, {}
    for name, value, note, about, group in defines("errors.h"):
        digits = re.fullmatch(r"0x([0-9A-F]{2})", value)
        letter = re.fullmatch(r"'([A-Z])'", value)
        string = re.fullmatch(r'"([^"]+)"', value)
        if digits and re.match(r"[EW]_", name):
            found.append(Code(digits[1], name, None, about, group))
        elif letter and re.match(r"(BS_ERROR|E)_", name):
            found.append(Code(letter[1], name, None, about, group))
            words[name] = note
        elif string and re.fullmatch(r"[EW]_\w+_TEXT", name):
            words[name[:-len("_TEXT")]] = string[1]
        else:
            raise Wrong(f"neither a code nor words: {name} {value}")
    for code in found:
        if code.code in names:
            raise Wrong(f"the code of {names[code.code]}: {code.name}")
        if not words.get(code.name):
            raise Wrong(f"a code without words: {code.name}")
        names[code.code] = code.name
    for name in words:
        if name not in names.values():
            raise Wrong(f"words without a code: {name}_TEXT")
    return [code._replace(words=words[code.name]) for code in found]
