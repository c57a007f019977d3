"""Servers that do nothing wrong: any size, any form of a right answer, no waste."""

from emit.selftest.behaviour.good import ODD
from emit.selftest.case import Case

MIB = 1 << 20


def _size(size: int, name: str, server: str, block: str = "") -> Case:
    return Case(
        name=name,
        guarantee=5,
        server=server,
        paths=(f"/file/{size}",),
        size=size,
        block=block,
    )


def _form(path: str, server: str, *, name: str = "", guarantee: int = 2, sent: float = 2.1) -> Case:
    return Case(
        name=name or path.replace("/", "-"),
        guarantee=guarantee,
        server=server,
        paths=(f"/{path}/{{size}}",),
        most_sent=sent,
    )


def _redirect(path: str, server: str, *, may_fail: bool = False) -> Case:
    return Case(
        name=path.replace("/", "-").replace("path", "by-path").replace("other", "away"),
        guarantee=3,
        server=server,
        paths=(f"/{path}/file/{{size}}",),
        may_fail=may_fail,
        once="/redirect/",
    )


CASES = (
    _form("file", "a good server: ranges, ETag, date"),
    _form("plain", "ranges, neither ETag nor date"),
    Case(
        name="parallel",
        guarantee=3,
        server="each connection is slow, several at once are not",
        paths=(f"/paced/{2 * MIB}/{{size}}",),
        at_once=2,
    ),
    _size(0, "empty", "a file of no bytes"),
    Case(
        name="empty-416",
        guarantee=5,
        server="a file of no bytes, 416 to every range",
        paths=("/empty/416",),
        size=0,
    ),
    _size(1, "one-byte", "a file of one byte"),
    _size(2, "two-bytes", "a file of two bytes"),
    _size(8 * MIB - 1, "below-4-blocks", "one byte less than four blocks"),
    _size(8 * MIB, "4-blocks", "four blocks to the byte"),
    _size(8 * MIB + 1, "above-4-blocks", "one byte more than four blocks"),
    _size(12_289, "above-3-blocks-of-4096", "one byte more than three blocks of -b 4096", "4096"),
    _size(8_192, "2-blocks-of-4096", "two blocks of -b 4096", "4096"),
    _size(997, "blocks-of-7", "142 blocks and 3 bytes of -b 7", "7"),
    Case(
        name="64-connections",
        guarantee=5,
        server="a good server, asked by -P 64",
        paths=("/file/{size}",),
        process=64,
    ),
    Case(
        name="one-connection",
        guarantee=5,
        server="a good server, asked by -P 1",
        paths=("/file/{size}",),
        process=1,
    ),
    _form("tagged/weak", "a weak ETag", name="weak-etag"),
    _form("tagged/date", "a date and no ETag", name="date-only"),
    Case(
        name="fresh-etags",
        guarantee=2,
        server="one file, another ETag each time",
        paths=("/tagged/fresh/{size}",),
        may_fail=True,
        most_sent=4,
    ),
    _form("oddcase", "header names in odd case, no blank after the colon", name="odd-case"),
    _form("long-headers", "a header of 6000 bytes before those that matter"),
    _form("lookalikes", "headers that look like those that matter"),
    _form("location", "a Location in an answer that is no redirect", name="location-in-206"),
    _form("bare-lines", "header lines without CR, a status without a reason"),
    _form("http10", "HTTP/1.0"),
    _form("interim/100", "100 Continue before the answer", name="continue"),
    Case(
        name="early-hints",
        guarantee=2,
        server="103 Early Hints before the answer",
        paths=("/interim/103/{size}",),
        may_fail=True,
    ),
    _form("dribbled", "headers that come a few bytes at a time"),
    _form("lingering", "all is sent, the connection is kept"),
    _form("trailing", "more bytes than Content-Length says"),
    _form("trickle", "bytes that come slowly, and never stop", guarantee=4),
    _form("no-head", "403 to HEAD, as signed storage does"),
    _form("noranges", "no ranges: 200 and everything", guarantee=3, name="no-ranges"),
    _form("nolength", "no length: the connection's end is the end", guarantee=3),
    _form("chunked", "chunked coding, no ranges", guarantee=3),
    _form("chunkedranges", "ranges in chunked coding", guarantee=3, name="chunked-ranges"),
    _form("starred", "ranges of a file of unknown size (/*)", name="starred-total"),
    _form("bare206", "ranges without Content-Range", name="no-content-range", sent=2.6),
    _form(
        "bare206-stream", "ranges with neither Content-Range nor length", name="bare-206", sent=2.6
    ),
    Case(
        name="multipart",
        guarantee=2,
        server="a range as multipart/byteranges",
        paths=("/multipart/{size}",),
        may_fail=True,
        most_sent=2.6,
    ),
    Case(
        name="short-ranges",
        guarantee=2,
        server="fewer bytes than asked for, as its Content-Range says",
        paths=("/capped/100000/{size}",),
        may_fail=True,
        most_sent=3,
    ),
    _redirect("redirect/301/path", "301 to a path"),
    _redirect("redirect/302/absolute", "302 to a URL"),
    _redirect("redirect/303/other", "303 to another port"),
    _redirect("redirect/307/other", "307 to another port", may_fail=True),
    _redirect("redirect/308/absolute", "308 to a URL", may_fail=True),
    Case(
        name="redirect-chain",
        guarantee=3,
        server="five redirects",
        paths=("/chain/5/{size}",),
        may_fail=True,
    ),
    Case(
        name="redirect-loop",
        guarantee=4,
        server="a redirect to itself",
        paths=("/loop",),
        right=(),
        limit=2,
    ),
    Case(
        name="redirect-nowhere",
        guarantee=4,
        server="302 without a Location",
        paths=("/nowhere",),
        right=(),
        limit=2,
    ),
    Case(
        name="redirect-round-robin",
        guarantee=3,
        server="a redirect to another mirror each time, of another ETag",
        paths=("/round-robin/{size}",),
        once="/round-robin",
    ),
    Case(
        name="redirect-hostile",
        guarantee=5,
        server="a redirect to $(touch pwned)",
        paths=("/hostile-redirect/{size}",),
        may_fail=True,
    ),
    Case(
        name="hostile-url",
        guarantee=5,
        server="a URL with & ; ' $( ) and `",
        paths=(ODD.replace(" ", "%20"),),
        size=3000,
    ),
    Case(
        name="hostile-out",
        guarantee=5,
        server="a good server, and an OUT with blanks, quotes and $( )",
        paths=("/file/{size}",),
        out='a  b/it\'s $(touch pwned) & "so"',
    ),
    Case(
        name="query",
        guarantee=5,
        server="a URL with a query and a fragment",
        paths=("/odd/q?a=1&b=%20%2F#top",),
        size=3000,
    ),
    Case(
        name="proxy",
        guarantee=12,
        server="http_proxy is set",
        paths=("/file/{size}",),
        proxy=True,
    ),
)
