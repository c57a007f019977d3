"""rget.sh in its place, and what is asserted of every run of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emit.selftest.place import Place, Run

BEFORE = b"what stood here before\n"


def digest(content: bytes, algorithm: str = "sha256") -> str:
    """Return the digest of `content` as -s takes it."""
    return f"{algorithm}:{hashlib.new(algorithm, content).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Rget:
    """One script in one place; its output is `f` unless told."""

    place: Place
    script: str = "rget.sh"

    def argv(self, *arguments: str, out: str = "f") -> list[str]:
        """Return the command line, the ancestor's own order of options first."""
        return [self.place.shell, f"{self.place.scripts}/{self.script}", "-o", out, *arguments]

    def run(
        self,
        *arguments: str,
        out: str = "f",
        env: Mapping[str, str] | None = None,
        timeout: float = 30,
        user: str = "",
    ) -> Run:
        """Run it to its end."""
        return self.place.run(self.argv(*arguments, out=out), env=env, timeout=timeout, user=user)

    def fetches(
        self,
        content: bytes,
        *arguments: str,
        out: str = "f",
        env: Mapping[str, str] | None = None,
    ) -> Run:
        """Assert that it writes `content`, says nothing odd, and leaves nothing else."""
        run = self.run(*arguments, out=out, env=env)
        assert (run.status, odd(run.stderr)) == (0, []), run
        assert run.files == [f"out/{out}"], run
        came = (self.place.out / out).read_bytes()
        assert digest(came) == digest(content), f"{len(came)} bytes for {len(content)}: {run}"
        return run

    def fails(
        self, status: int, *arguments: str, says: str = "", env: Mapping[str, str] | None = None
    ) -> Run:
        """Assert how it fails, that it says why, and that all is as it was before."""
        (self.place.out / "f").write_bytes(BEFORE)
        run = self.run(*arguments, env=env)
        assert (run.status, odd(run.stderr)) == (status, []), run
        assert says in run.stderr, run
        self.untouched(run)
        return run

    def untouched(self, run: Run) -> None:
        """Assert that one sentence was said and the folder is as `fails` found it."""
        last = run.stderr.splitlines()[-1]
        assert last.startswith("rget.sh: "), run
        assert len(last) > len("rget.sh: ") + 10, run
        assert run.files == ["out/f"], run
        assert (self.place.out / "f").read_bytes() == BEFORE


def odd(stderr: str) -> list[str]:
    """Return the lines that are not the script's own."""
    return [line for line in stderr.splitlines() if not line.startswith("rget.sh: ")]
