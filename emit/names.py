"""The names that a script gives to its functions and variables, and where they stand."""

from dataclasses import dataclass, field

#: Names that mean something to the shell or to the programs it starts.
FIXED = frozenset(
    {"CDPATH", "COLUMNS", "ENV", "HOME", "IFS", "LANG", "LC_ALL", "LINENO", "LINES", "MAIL"}
    | {"NO_COLOR", "OLDPWD", "OPTARG", "OPTERR", "OPTIND", "PATH", "PPID", "PS1", "PS2", "PS4"}
    | {"PWD", "RANDOM", "SECONDS", "SHELL", "TERM", "TMPDIR", "TZ", "USER"}
    | {"http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY"}
)


@dataclass(slots=True)
class Names:
    """What a script names: for each name the offsets in bytes where it stands.

    `functions` and `variables` hold every mention, `defined` and `assigned` those that the
    script itself makes, `given` those that its caller may set, `exported` those that other
    programs see, `shared` those that its inner scripts see; `words` are the literals:
    commands, arguments, patterns, values.
    """

    functions: dict[str, list[int]] = field(default_factory=dict)
    variables: dict[str, list[int]] = field(default_factory=dict)
    defined: set[str] = field(default_factory=set)
    assigned: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)
    exported: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    words: dict[str, list[int]] = field(default_factory=dict)

    def own_functions(self) -> dict[str, list[int]]:
        """Return the functions that nothing names but a definition or a call.

        A function whose name is also a value or a pattern may be called by that value.
        """
        return _chosen(self.functions, {name for name in self.defined if not self._is_data(name)})

    def own_variables(self) -> dict[str, list[int]]:
        """Return the variables that no other program and no caller knows."""
        told = self.exported - self.shared
        return _chosen(self.variables, self.assigned - self.given - told - FIXED)

    def _is_data(self, name: str) -> bool:
        known = {*self.functions.get(name, ()), *self.variables.get(name, ())}
        return not known.issuperset(self.words.get(name, ()))


def _chosen(places: dict[str, list[int]], names: set[str]) -> dict[str, list[int]]:
    return {name: where for name, where in places.items() if name in names}
