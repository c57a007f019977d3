import pytest

from emit.layers.history import command


@pytest.mark.parametrize(
    ("created_by", "text", "args"),
    [
        ("RUN /bin/sh -c apk add curl # buildkit", "RUN apk add curl", ()),
        ("RUN |2 A=1 B=x y /bin/sh -c make # buildkit", "RUN make", ("A", "B")),
        ("RUN |1 TOKEN= /bin/sh -c make # buildkit", "RUN make", ("TOKEN",)),
        ("RUN /bin/bash -o pipefail -c a | b # buildkit", "RUN a | b", ()),
        ("RUN /bin/bash -eo pipefail -c a # buildkit", "RUN a", ()),
        ("RUN /bin/sh -ec a # buildkit", "RUN a", ()),
        ("RUN apk add curl # buildkit", "RUN apk add curl", ()),
        ("RUN |1 A=1 touch /x # buildkit", "RUN touch /x", ("A",)),
        ("RUN |2 A=1 touch /x # buildkit", "RUN touch /x", ("A",)),
        ("RUN |999999 A=1 touch /x", "RUN touch /x", ("A",)),
        ("/bin/sh -c apk add curl", "RUN apk add curl", ()),
        ("|1 A=1 /bin/sh -c make", "RUN make", ("A",)),
        ("/bin/sh -c #(nop) COPY file:abc in /x ", "COPY file:abc in /x", ()),
        ('/bin/sh -c #(nop)  CMD ["sh"]', 'CMD ["sh"]', ()),
        ("COPY . /app # buildkit", "COPY . /app", ()),
        ("WORKDIR /app", "WORKDIR /app", ()),
        ("ENV A=1", "ENV A=1", ()),
        ("bazel build ...", "bazel build ...", ()),
        ("COPYRIGHT", "COPYRIGHT", ()),
        ("RUN /bin/sh -c <<EOF (make...) # buildkit", "RUN <<EOF (make...)", ()),
        ("", "", ()),
    ],
)
def test_an_entry_reads_as_it_stood_in_the_dockerfile(
    created_by: str, text: str, args: tuple[str, ...]
) -> None:
    found = command(created_by)
    assert str(found) == text
    assert found.args == args


def test_a_build_arguments_value_is_not_kept() -> None:
    assert "hunter2" not in repr(command("RUN |1 TOKEN=hunter2 /bin/sh -c make # buildkit"))
