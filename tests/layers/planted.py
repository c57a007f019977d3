"""An image with waste planted in five ways, and what each must be told as."""

import hashlib

from tests.layers.images import F, Made, Step, file, folder, gone, link

SIZE = 200_000
SOURCE = [file(f"src/{name}", SIZE // 4) for name in "abcd"]
APP = [file(f"app/{name}", SIZE // 5, uid=0) for name in "abcde"]
TWICE = hashlib.shake_128(b"twice").digest(SIZE)
SECRET = b"//registry:_auth=hunter2"

#: rule -> the layer that stored, the layer that killed, a word of the cure.
EXPECTED = {
    "overwritten": (2, 3, "last version only"),
    "removed": (4, 5, "--mount=type=bind"),
    "rewritten": (6, 7, "COPY --chown"),
    "apk_cache": (8, None, "apk add --no-cache"),
    "duplicate": (9, 10, "link to it"),
}


def planted(packed: str = "gzip", **more: object) -> Made:
    steps = [
        Step(by="ADD rootfs.tar.gz /", members=[folder("bin"), file("bin/sh", 1000)]),
        Step(by="RUN /bin/sh -c fetch data # buildkit", members=[file("data/blob", SIZE)]),
        Step(by="RUN /bin/sh -c update data # buildkit",
             members=[file("data/blob", hashlib.shake_128(b"new").digest(SIZE // 2))]),
        Step(by="COPY src /src # buildkit", members=[*SOURCE, link("src/hard", "src/a")]),
        Step(by="RUN /bin/sh -c make && rm -rf /src # buildkit", members=[gone("src")]),
        Step(by="ENV A=1", members=None),
        Step(by="COPY app /app # buildkit", members=APP),
        Step(by="RUN |1 NPM_TOKEN=hunter2 /bin/sh -c chown -R app /app # buildkit",
             members=[F(path=one.path, data=one.data, uid=1000) for one in APP]),
        Step(by="RUN /bin/sh -c apk add make # buildkit",
             members=[file("var/cache/apk/APKINDEX.tar.gz", SIZE)]),
        Step(by="RUN /bin/sh -c install one # buildkit",
             members=[file("opt/one/lib", TWICE), file("root/.npmrc", SECRET)]),
        Step(by="RUN /bin/sh -c cp -r /opt/one /opt/two # buildkit",
             members=[file("opt/two/lib", TWICE), gone("root/.npmrc")]),
    ]  # fmt: skip
    for step in steps:
        step.packed = packed
    return Made(steps=steps, tag="waste:1", **more)  # type: ignore[arg-type]
