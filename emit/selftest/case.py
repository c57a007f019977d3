"""One thing a server does, and what a downloader should make of it."""

from collections.abc import Iterator
from dataclasses import dataclass

SIZE = 7_000_007  # bytes: four blocks of rget.sh's, none of a round size
REFUSED = "refused"  # a source at a port where nobody listens
SECRET = "Bearer s3cret"  # noqa: S105 - the one that the server asks for


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A signal, sent once the server has sent `sent` bytes or answered `answers` times."""

    name: str
    status: int
    group: bool = False
    sent: int = 0
    answers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the server does (`paths`, one a source), and what is right then.

    `right` has the seeds of the bodies that may come with status 0, of `sizes`; where
    it is empty, nothing that comes is right. An error is right, too, with `may_fail`.
    The limits after it tell waste from need; to break one is weak, not wrong.
    """

    name: str
    guarantee: int  # of the contract: docs/selftest.md lists them
    server: str
    paths: tuple[str, ...]
    size: int = SIZE
    right: tuple[str, ...] = ("",)
    sizes: tuple[int, ...] = ()
    may_fail: bool = False
    digest: str | None = None  # -s: that of the body of this seed
    secret: bool = False  # -H
    process: int = 4  # -P
    block: str = ""  # -b
    limit: int = 15  # -t
    idle: int = 4  # -T
    options: tuple[str, ...] = ()
    out: str = "f"
    reader: str = ""  # of -o -: a shell command
    proxy: bool = False
    small: bool = False  # on a disk of 1 MiB
    old: bool = False  # something stands there before
    signal: Signal | None = None
    most_sent: float = 2.1  # times the size; a probe may have been broken off
    most_disk: float = 0  # times the size
    most_seconds: float = 0
    at_once: int = 0  # connections
    pause: float = 0  # seconds, the longest between two requests
    once: str = ""  # part of a path that is to be asked for twice at most
    seconds: float = 0  # it takes that much longer than others
    big: bool = False

    @property
    def streams(self) -> bool:
        """Whether it goes to stdout."""
        return self.out == "-"

    @property
    def fails(self) -> bool:
        """Whether an error is all that can be right."""
        return not self.right

    @property
    def keeps(self) -> bool:
        """Whether something stands at OUT that an error must leave alone."""
        return not self.streams and (self.old or self.may_fail or self.fails or bool(self.signal))

    @property
    def expected(self) -> str:
        """What should happen, in a word or two."""
        if self.signal is not None:
            return f"exit {self.signal.status}"
        if self.reader.startswith("head"):
            return "quiet end"
        if self.fails:
            return "error"
        return "file or error" if self.may_fail else "file"

    def needs(self) -> Iterator[str]:
        """Return what a script must offer to be asked this."""
        yield from ["stdout"] * self.streams + ["mirrors"] * (len(self.paths) > 1)
        yield from ["-s"] * (self.digest is not None) + ["-H"] * self.secret
        yield from ["-b"] * bool(self.block) + ["small disk"] * self.small
        yield from self.options
