"""What a layer's history entry says, read back into the instruction that made it. Pure.

BuildKit writes `RUN |1 A=b /bin/sh -c make # buildkit`, the classic builder
`/bin/sh -c #(nop) COPY file:… in /` and `|1 A=b /bin/sh -c make`.
"""

import re
from dataclasses import dataclass

_BUILDKIT = re.compile(r"\s*# buildkit\s*\Z")
_NOP = re.compile(r"\A(?:\S*sh -c |cmd /S /C )?#\(nop\)\s+")
_SHELL = re.compile(r"(?:/usr)?/?(?:bin/)?(?:ba|da|a|z|k)?sh(?: -[a-z]+(?: pipefail)?)* -[a-z]*c ")
_ARGS = re.compile(r"\A\|\d{1,6} ")
_KEYWORD = re.compile(r"\A(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|"
    r"ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)\b")  # fmt: skip
_ARG = re.compile(r"[A-Za-z_]\w*=\S*\s*")
_ARG_NAME = re.compile(r"(?:\A|\s)([A-Za-z_]\w*)=")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One instruction: its keyword (empty where unknown), the text behind it, its build args.

    Of the build arguments only the names: their values are often secrets.
    """

    keyword: str
    text: str
    args: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return it as it stands in a Dockerfile."""
        return f"{self.keyword} {self.text}".strip()


def command(created_by: str) -> Command:
    """Read one `created_by` of an image's history."""
    text = _BUILDKIT.sub("", created_by).strip()
    nop = _NOP.match(text)
    if nop:
        return _split(text[nop.end() :])
    args: tuple[str, ...] = ()
    body = text.removeprefix("RUN ")
    if _ARGS.match(body):
        args, body = _arguments(body)
        return Command(keyword="RUN", text=_unwrapped(body), args=args)
    if body != text or _SHELL.match(text):
        return Command(keyword="RUN", text=_unwrapped(body))
    return _split(text)


def _split(text: str) -> Command:
    found = _KEYWORD.match(text)
    if found is None:
        return Command(keyword="", text=text)
    return Command(keyword=found[1], text=text[found.end() :].strip())


def _unwrapped(text: str) -> str:
    """Drop the shell that runs it; an exec form has none."""
    shell = _SHELL.match(text)
    return (text[shell.end() :] if shell else text).strip()


def _arguments(body: str) -> tuple[tuple[str, ...], str]:
    """Split `|2 A=1 B=x y /bin/sh -c make`; values may hold blanks, so the shell is the mark."""
    shell = _SHELL.search(body)
    end = shell.start() if shell else _behind(body)
    return tuple(dict.fromkeys(_ARG_NAME.findall(body[:end]))), body[end:]


def _behind(body: str) -> int:
    """Return where the command of an exec form begins: behind as many words as |N says."""
    head, _, _ = body.partition(" ")
    end = len(head) + 1
    for _ in range(int(head[1:])):
        word = _ARG.match(body, end)
        if word is None:
            break
        end = word.end()
    return end
