"""Trouble: what passes is waited for, what does not ends at once, a mirror stands in."""

from emit.selftest.case import REFUSED, Case


def _passes(name: str, path: str, server: str, *, sent: float = 1.1, pause: float = 0) -> Case:
    return Case(
        name=name,
        guarantee=4,
        server=server,
        paths=(path,),
        most_sent=sent,
        pause=pause,
        idle=2,
    )


def _stays(name: str, path: str, server: str, *, seconds: float = 0, **limits: int) -> Case:
    return Case(
        name=name,
        guarantee=4,
        server=server,
        paths=(path,),
        right=(),
        most_seconds=seconds,
        limit=limits.get("limit", 15),
        idle=2,
    )


def _mirrors(name: str, server: str, *paths: str, digest: str | None = None) -> Case:
    return Case(
        name=name,
        guarantee=4,
        server=server,
        paths=paths,
        digest=digest,
        most_sent=3.1,
        idle=2,
    )


def _secret(name: str, path: str, server: str, *, may_fail: bool = False) -> Case:
    return Case(
        name=name,
        guarantee=4,
        server=server,
        paths=(path,),
        secret=True,
        may_fail=may_fail,
    )


CASES = (
    _passes("short", "/short/2/{size}", "closes halfway twice"),
    _passes("reset", "/reset/2/{size}", "resets halfway twice", sent=1.6),
    _passes(
        "short-one-stream", "/shortstream/1/{size}", "no ranges, closes halfway once", sent=2.6
    ),
    _passes(
        "reset-no-length", "/reset-stream/1/{size}", "no length, resets halfway once", sent=2.6
    ),
    _passes("short-then-accepted", "/short-accepted/{size}", "no ranges, closes early, then 202"),
    _passes("cut-in-chunk", "/cut-chunk/inside/1/{size}", "closes inside a chunk once", sent=2.6),
    _passes(
        "cut-between-chunks", "/cut-chunk/between/1/{size}", "closes before the last chunk once",
        sent=2.6,
    ),
    _passes("stall", "/stall/1/{size}", "falls silent halfway once"),
    _passes("mute", "/mute-first/1/{size}", "takes the first request and says nothing"),
    _passes("empty-reply", "/empty-reply/1/{size}", "closes without a word once"),
    _passes("garbage", "/garbage/1/{size}", "speaks SSH once"),
    *(
        _passes(f"status-{code}", f"/status-first/{code}/1/{{size}}", f"{code} once")
        for code in (408, 425, 429, 500, 502, 503, 504)
    ),
    _passes("busy-twice", "/status-first/503/2/{size}", "503 twice"),
    _passes(
        "retry-after", "/retry-after/seconds/{size}", "429 twice, Retry-After: 3 seconds", pause=2.8
    ),
    _passes("retry-after-date", "/retry-after/date/{size}", "429 twice, Retry-After: a date"),
    _passes("retry-after-zero", "/retry-after/zero/{size}", "429 twice, Retry-After: 0", pause=0.9),
    _passes("retry-after-days", "/retry-after/days/{size}", "429 twice, Retry-After: a day"),
    _passes("brownout", "/brownout/0/5/{size}", "503 for five seconds"),
    _passes("brownout-midway", "/brownout/1/5/{size}", "a good answer, then 503 for five seconds"),
    _passes("maxconn", "/maxconn/2/{size}", "503 above two connections"),
    _passes("one-at-a-time", "/one-at-a-time/{size}", "serves one connection after the other"),
    *(
        _passes(
            f"expired-{code}",
            f"/expiring-with/{code}/2/{{size}}",
            f"signed URLs good for two requests, then {code}",
        )
        for code in (403, 404, 410, 618)
    ),
    *(
        _stays(f"status-{code}", f"/status/{code}", f"{code} always", seconds=5)
        for code in (400, 401, 403, 404, 410, 451)
    ),
    _stays("never-better", "/status/503", "503 always", limit=3, seconds=15),
    _stays("mute-always", "/mute/{size}", "never says anything", limit=3, seconds=20),
    _stays("held-always", "/held/{size}", "always falls silent halfway", limit=3, seconds=20),
    Case(
        name="bad-block",
        guarantee=4,
        server="500 to the ranges of one half of the file",
        paths=("/bad-block/500/{size}",),
        may_fail=True,
        limit=3,
    ),
    Case(
        name="gone-midway",
        guarantee=4,
        server="404 after two good answers",
        paths=("/status-later/404/2/{size}",),
        may_fail=True,
        most_seconds=5,
    ),
    _stays("refused", REFUSED, "nobody listens there", limit=2, seconds=10),
    _mirrors("mirror-dead-first", "the first mirror refuses", REFUSED, "/file/{size}"),
    _mirrors("mirror-dead-second", "the second mirror refuses", "/file/{size}", REFUSED),
    _mirrors("mirror-404", "the first mirror answers 404", "/status/404", "/file/{size}"),
    _mirrors("mirror-busy", "the first mirror answers 503", "/status/503", "/file/{size}"),
    _mirrors("mirror-stalls", "the first mirror falls silent", "/held/{size}", "/file/{size}"),
    _mirrors("mirror-dies", "the first mirror dies midway", "/status-later/503/2/{size}",
             "/file/{size}"),
    _mirrors("mirror-no-ranges", "the first mirror has no ranges", "/noranges/{size}",
             "/file/{size}"),
    _mirrors("mirror-lies", "the first mirror has another file, only the digest tells",
             "/otherfile/{size}", "/file/{size}", digest=""),
    _mirrors("mirror-lies-second", "the second mirror has another file, only the digest tells",
             "/file/{size}", "/otherfile/{size}", digest=""),
    _mirrors("mirror-other", "the second mirror has another file: ETag",
             "/file/{size}", "/changes/0/{size}"),
    _mirrors("mirror-login", "the first mirror asks who you are, only the digest tells",
             "/login-page/0/{size}", "/file/{size}", digest=""),
    Case(
        name="mirrors-dead",
        guarantee=4,
        server="one mirror refuses, the other answers 404",
        paths=(REFUSED, "/status/404"),
        right=(),
        limit=2,
    ),
    _secret("header", "/secret/{size}", "asks for the header of -H"),
    _secret("header-redirect", "/secret-redirect/{size}", "redirects to another port"),
    _secret("header-away", "/secret-hop/0/{size}", "redirects from 127.0.0.1 to localhost"),
    _secret("header-exposed", "/secret-exposed/{size}", "redirects, and exposes headers"),
    _secret("header-busy", "/secret-hop/1/{size}", "429 once, then a redirect to localhost"),
    _secret("header-return", "/secret-return/{size}", "redirects to localhost and back",
            may_fail=True),
)  # fmt: skip
