"""The patterns of `${x#...}`, `${x%...}` and `${x/.../...}`: `*`, `?` and characters.

Matched by a set of places in the pattern rather than by `re`, so that no pattern takes long.
"""

from collections.abc import Sequence

_STAR = None
_ONE = ""
_WORK = 10**7  # steps; what people write takes a few hundred


def trim_prefix(pattern: str, value: str, *, longest: bool) -> str:
    """Return the value without the part at its start that the pattern matches."""
    end = _match(_tokens(pattern), value, 0, longest=longest)
    return value if end is None else value[end:]


def trim_suffix(pattern: str, value: str, *, longest: bool) -> str:
    """Return the value without the part at its end that the pattern matches."""
    end = _match(_tokens(pattern)[::-1], value[::-1], 0, longest=longest)
    return value if end is None else value[: len(value) - end]


def replace(pattern: str, value: str, new: str, *, everywhere: bool) -> str:
    """Return the value with the first longest match, or every one, replaced."""
    tokens = _tokens(pattern)
    if len(tokens) * len(value) ** 2 > _WORK:
        raise ValueError("it is too long for a value of that length")
    result, at, after_match = [], 0, False
    while at <= len(value):
        end = _match(tokens, value, at, longest=True)
        if end is not None and not (end == at and after_match):
            result.append(new)
            if not everywhere:
                return "".join([*result, value[end:]])
        after_match = end is not None and end > at
        if after_match and end is not None:
            at = end
        else:
            result.append(value[at : at + 1])
            at += 1
    return "".join(result)


def _tokens(pattern: str) -> list[str | None]:
    tokens: list[str | None] = []
    chars = iter(pattern)
    for char in chars:
        if char == "\\":
            following = next(chars, "")
            if following not in {"}", "/", "*", "?", "\\"}:
                raise ValueError(f"invalid escape '\\{following}'")
            tokens.append(following)
        else:
            tokens.append({"*": _STAR, "?": _ONE}.get(char, char))
    return tokens


def _match(tokens: Sequence[str | None], value: str, at: int, *, longest: bool) -> int | None:
    """Return where the match that begins at `at` ends, None where there is none."""
    if len(tokens) * len(value) > _WORK:
        raise ValueError("it is too long for a value of that length")
    places = _skip_stars(tokens, {0})
    end = None
    while places:
        if len(tokens) in places:
            end = at
            if not longest:
                return end
        if at == len(value):
            return end
        char, at = value[at], at + 1
        places = _skip_stars(tokens, set(_step(tokens, places, char)))
    return end


def _step(tokens: Sequence[str | None], places: set[int], char: str) -> list[int]:
    stepped = []
    for place in places:
        token = tokens[place] if place < len(tokens) else "\n\n"
        if token is _STAR and char != "\n":
            stepped.append(place)
        elif token == char or (token == _ONE and char != "\n"):
            stepped.append(place + 1)
    return stepped


def _skip_stars(tokens: Sequence[str | None], places: set[int]) -> set[int]:
    for place in sorted(places):
        following = place
        while following < len(tokens) and tokens[following] is _STAR:
            following += 1
            places.add(following)
    return places
