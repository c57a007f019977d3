"""Everything that can go wrong, one class a meaning; the message is what the user reads.

A message is one sentence that names the place and the cure. The exit codes are part of
the interface: `emit --help` lists them.
"""


class EmitError(Exception):
    """It failed: the base of the tree, never raised itself."""

    exit_code = 1


class UsageError(EmitError):
    """The options contradict one another or name what does not exist."""

    exit_code = 2


class InputError(EmitError):
    """What was given to read is missing, damaged, hostile or something else."""

    exit_code = 2


class OutputError(EmitError):
    """What was written could not be brought to its place."""


class ToolError(EmitError):
    """A program that emit needs is missing or broke down."""


class DockerfileError(EmitError):
    """A Dockerfile cannot be read as BuildKit reads one, or does not build."""

    def __init__(self, message: str, *, file: str, line: int) -> None:
        """Say MESSAGE of a line, counted from 1."""
        super().__init__(f"{file}:{line}: {message}")
        self.line = line


class TemplateError(EmitError):
    """A template is missing, or a value in it is not quoted."""

    exit_code = 70  # EX_SOFTWARE of sysexits.h: a bug in emit


class BugError(EmitError):
    """The rendered text breaks a house rule, so it is not written."""

    exit_code = 70


class ConfigError(EmitError):
    """emit.toml or emit.lock is missing, unreadable or says what cannot be."""


class ForgeError(EmitError):
    """A forge or a file server refused, lacks the asset, or answered what it should not."""


class ArchiveError(EmitError):
    """An archive lacks a member, or holds one that would land outside."""
