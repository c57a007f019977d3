"""Servers that lie: whatever comes with status 0 is the file."""

from emit.selftest.case import SIZE, Case

OLD_OR_NEW = ("old", "new")
ANY = tuple(str(number) for number in range(40))


def _lie(
    name: str,
    path: str,
    server: str,
    *,
    right: tuple[str, ...] = ("",),
    sizes: tuple[int, ...] = (),
    digest: str | None = None,
) -> Case:
    return Case(
        name=name,
        guarantee=2,
        server=server,
        paths=(path,),
        right=right,
        sizes=sizes,
        may_fail=True,
        digest=digest,
        limit=2,
        most_sent=9,
    )


CASES = (
    _lie("changed", "/changes/2/{size}", "another file midway: ETag", right=OLD_OR_NEW),
    _lie("changed-date", "/changes-date/2/{size}", "another file midway: date", right=OLD_OR_NEW),
    _lie(
        "changed-size",
        "/resized/2/{size}",
        "another file midway: 1000 bytes more",
        sizes=(SIZE + 1000,),
    ),
    _lie("shrunk", "/shrinks/2/{size}", "another file midway: half the size", sizes=(SIZE // 2,)),
    _lie(
        "changed-then-resumed",
        "/changes-broken/{size}",
        "breaks off; whoever resumes finds another file: ETag",
        right=OLD_OR_NEW,
    ),
    _lie(
        "changed-unseen",
        "/changes-unseen/2/{size}",
        "another file midway, only the digest tells",
        right=("old",),
        digest="old",
    ),
    _lie("fickle", "/fickle/{size}", "another file each time: ETag", right=ANY),
    _lie("shifted", "/shifted/1/{size}", "ranges one byte off, as its Content-Range says"),
    _lie(
        "misplaced",
        "/misplaced/1/{size}",
        "bytes from the wrong place, only the digest tells",
        digest="",
    ),
    _lie("over-long", "/overlong/{size}", "99 bytes more than the range"),
    _lie("two-lengths", "/two-lengths/{size}", "no ranges, two lengths that disagree"),
    _lie("huge-total", "/huge-total/{size}", "a total of 2^64 bytes"),
    Case(
        name="forgets-ranges",
        guarantee=2,
        server="after two ranges, 200 and everything",
        paths=("/forgetful/2/{size}",),
        limit=2,
        most_sent=4,
    ),
    _lie("login-redirect", "/login/2/{size}", "after two ranges, a redirect to a login page"),
    _lie("login-page", "/login-page/2/{size}", "after two ranges, 200 and a login page"),
    _lie("accepted", "/accepted/1/{size}", "202 and a page first: the file is being made"),
    Case(
        name="captive-portal",
        guarantee=2,
        server="a login page instead of the file, only the digest tells",
        paths=("/login-page/0/{size}",),
        right=(),
        digest="",
        limit=2,
    ),
    Case(
        name="digest",
        guarantee=2,
        server="a good server, and the digest",
        paths=("/file/{size}",),
        digest="",
    ),
    Case(
        name="digest-one-stream",
        guarantee=2,
        server="no ranges, and the digest",
        paths=("/noranges/{size}",),
        digest="",
    ),
    Case(
        name="digest-empty",
        guarantee=2,
        server="a file of no bytes, and its digest",
        paths=("/empty/416",),
        size=0,
        digest="",
    ),
    Case(
        name="flipped-bit",
        guarantee=2,
        server="one bit is wrong, only the digest tells",
        paths=("/flipped/{size}",),
        right=(),
        digest="",
    ),
    Case(
        name="wrong-digest",
        guarantee=2,
        server="a good server, and the digest of another file",
        paths=("/file/{size}",),
        right=(),
        digest="other",
    ),
)
