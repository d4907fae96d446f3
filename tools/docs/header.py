"""Read a header of lib/boot: #defines, comments, fields of structures.

Whatever a line is that is not known here ends in a complaint: a table must not
lack a row in silence.
"""

import collections
import functools
import re

from tree import Wrong, lines

# A #define. `note` is the comment on its line; `about` the comment above, for
# the first of a group: a blank line or a comment begins another one.
Define = collections.namedtuple("Define", "name value note about group")

C_ONLY = "#ifndef __ASSEMBLER__"


def cut_note(line):
    """(what stands before the comment of a line, the comment's text)"""
    start = re.match(r'(?:"[^"]*"|(?!/\*).)*', line).end()
    note, end, behind = line[start + 2:].partition("*/")
    if start < len(line) and not end:
        raise Wrong(f"a comment goes on in the next line: {line}")
    if behind.strip():
        raise Wrong(f"something behind the comment: {line}")
    return line[:start].strip(), note.strip()


def split_c_only(header):
    """(the lines that C and NASM share, those for C only)"""
    shared, c_only, depth = [], [], 0
    for line in lines(f"lib/boot/{header}"):
        if depth or line == C_ONLY:
            depth += line.startswith("#if") - line.startswith("#endif")
            c_only.append(line)
        else:
            shared.append(line)
    return shared, c_only


@functools.lru_cache(maxsize=None)
def defines(header):
    """All #defines with a value, but for those in the C-only block."""
    found, about, group, in_comment = [], [], 0, False
    for line in split_c_only(header)[0]:
        if in_comment or line.startswith("/*"):
            if not in_comment:
                about, group = [], group + 1
            words, end, _ = line.partition("*/")
            about.append(re.sub(r"^\s*(/\*|\*)?", "", words).strip())
            in_comment = not end
        elif line.startswith("#define "):
            statement, note = cut_note(line)
            _, name, *value = statement.split(None, 2)
            if value:  # the guard has none
                found.append(Define(name, value[0], note,
                                    " ".join(filter(None, about)), group))
            about = []
        elif re.match(r"\s*$|#ifndef |#endif$", line):
            about, group = [], group + 1
        else:
            raise Wrong(f"neither a #define nor a comment: {line}")
    return found


def number(text):
    try:
        return int(text, 0)
    except ValueError:
        raise Wrong(f"not a plain number: {text}") from None


# ---- Structures ------------------------------------------------------------

SIZES = {"char": 1, "uint8_t": 1, "uint16_t": 2, "uint32_t": 4, "uint64_t": 8}
HEADERS_WITH_STRUCTS = ("bootinfo.h", "image.h")

Field = collections.namedtuple("Field", "offset type count name note")
Struct = collections.namedtuple("Struct", "header fields size alignment")


def round_up(value, unit):
    return (value + unit - 1) // unit * unit


def struct_lines(name):
    """(its header, the lines of its fields)"""
    for header in HEADERS_WITH_STRUCTS:
        text = split_c_only(header)[1]
        if f"struct {name} {{" in text:
            text = text[text.index(f"struct {name} {{") + 1:]
            if "};" not in text:
                raise Wrong(f"struct {name} has no end: }};")
            return header, text[:text.index("};")]
    raise Wrong(f"no struct {name} in {' or '.join(HEADERS_WITH_STRUCTS)}")


def array_length(text, header):
    """N of [N]: a number, a #define, or one of them + 1."""
    if text is None:
        return 1
    constants = {define.name: define.value for define in defines(header)}
    return sum(number(constants.get(word.strip(), word.strip()))
               for word in text.split("+"))


def struct(name):
    """Its layout as a compiler for x86-64 has it."""
    header, text = struct_lines(name)
    fields, end, alignment = [], 0, 1
    for line in text:
        statement, note = cut_note(line)
        match = re.fullmatch(r"((?:struct )?\w+)\s+(\w+)(?:\[([^]]+)\])?;",
                             statement)
        if not match:
            raise Wrong(f"not a field: {line.strip()}")
        type_name, field, length = match.groups()
        if type_name.startswith("struct "):
            inner = struct(type_name[len("struct "):])
            size, unit = inner.size, inner.alignment
        elif type_name in SIZES:
            size = unit = SIZES[type_name]
        else:
            raise Wrong(f"unknown type: {type_name}")
        count = array_length(length, header)
        offset = round_up(end, unit)
        fields.append(Field(offset, type_name, count, field, note))
        end, alignment = offset + count * size, max(alignment, unit)
    return Struct(header, fields, round_up(end, alignment), alignment)
