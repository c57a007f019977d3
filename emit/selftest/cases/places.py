"""The place it is run in: what stood there, signals, the disk."""

from emit.selftest.case import Case, Signal

MIB = 1 << 20
GIB = 1 << 30
HALF = 400_000  # bytes: less than half of a block


def _signal(name: str, number: int, how: str, path: str, server: str, signal: Signal) -> Case:
    return Case(
        name=f"{name.lower()}-{how}",
        guarantee=1,
        server=f"{server}; then SIG{name}",
        paths=(path,),
        right=() if number else ("",),
        signal=signal,
        limit=60,
        idle=30,
    )


def _halfway(name: str, number: int, *, group: bool) -> Case:
    signal = Signal(name=name, status=128 + number, group=group, sent=HALF)
    how = "group" if group else "midway"
    server = "sends half and waits" + (" (to all, as ^C does)" if group else "")
    return _signal(name, number, how, "/held/{size}", server, signal)


CASES = (
    Case(
        name="old-file",
        guarantee=1,
        server="a good server, and an older file stands there",
        paths=("/file/{size}",),
        old=True,
    ),
    _halfway("INT", 2, group=False),
    _halfway("TERM", 15, group=False),
    _halfway("HUP", 1, group=False),
    _halfway("PIPE", 13, group=False),
    _halfway("INT", 2, group=True),
    _halfway("TERM", 15, group=True),
    _signal("TERM", 15, "stream", "/heldstream/{size}", "no ranges, sends half and waits",
            Signal(name="TERM", status=143, sent=HALF)),
    _signal("TERM", 15, "waiting", "/status/503", "answers 503",
            Signal(name="TERM", status=143, answers=2)),
    _signal("INT", 2, "asking", "/mute/{size}", "says nothing",
            Signal(name="INT", status=130, answers=0)),
    Case(
        name="disk-use",
        guarantee=8,
        server="a file of 12 MiB, slowly",
        paths=(f"/paced/{6 * MIB}/{{size}}",),
        size=12 * MIB,
        process=2,
        most_disk=1.6,
    ),
    Case(
        name="disk-full",
        guarantee=8,
        server="a file that does not fit on the disk",
        paths=("/file/{size}",),
        right=(),
        small=True,
        out="/small/fits/f",
    ),
    Case(
        name="disk-full-midway",
        guarantee=8,
        server="one of unknown length that does not fit",
        paths=("/nolength/{size}",),
        right=(),
        small=True,
        out="/small/streams/f",
        most_sent=9,
    ),
    Case(
        name="executable",
        guarantee=1,
        server="a good server, and -x",
        paths=("/file/{size}",),
        options=("-x",),
    ),
    Case(
        name="quiet",
        guarantee=9,
        server="a good server, and -q",
        paths=("/file/{size}",),
        options=("-q",),
    ),
    *(
        Case(
            name=f"beyond-{gib}-gib",
            guarantee=5,
            server=f"a file of {gib} GiB and a bit",
            paths=("/big/{size}",),
            size=gib * GIB + 3 * MIB + 7,
            seconds=600,
            big=True,
        )
        for gib in (2, 4)
    ),
)  # fmt: skip
