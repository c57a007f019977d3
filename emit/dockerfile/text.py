"""Bytes <-> text <-> lines, as BuildKit splits and trims them.

`str.splitlines()` and `str.strip()` will not do: they know other line ends and other blanks
than Go's bufio and unicode packages.
"""

import re

#: What Go's unicode.IsSpace is true for.
SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"  # noqa: E501
BOM = "\ufeff"

_SURROGATE = re.compile("[\ud800-\udfff]")


def decode(data: bytes) -> str:
    """Return the text of a Dockerfile; bytes that are not UTF-8 survive `encode`."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Return the bytes that `decode` made the text of."""
    return text.encode("utf-8", "surrogateescape")


def split_lines(text: str) -> list[str]:
    r"""Return the lines with their ends: only \n ends one, and the last may have none."""
    lines = text.split("\n")
    ended = [f"{line}\n" for line in lines[:-1]]
    return [*ended, lines[-1]] if lines[-1] else ended


def trim_end(line: str) -> str:
    r"""Return a line without its end, which is any number of \r and \n."""
    return line.rstrip("\r\n")


def line_end(line: str) -> str:
    r"""Return how a line ends: `\r\n`, `\n` or nothing."""
    return line[len(trim_end(line)) :]


def valid(text: str) -> str:
    """Return a value as Go holds it: a byte that is not UTF-8 becomes U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def is_comment(line: str) -> bool:
    """Tell a line whose first character beyond blanks is #."""
    return line.lstrip(SPACE).startswith("#")


def is_blank(line: str) -> bool:
    """Tell a line that holds nothing but blanks."""
    return not line.strip(SPACE)
