"""How fast is `emit layers`? A table, each row the median of several runs, taken by turns.

python bench/layers.py [--size MB] [--runs N] [--image NAME]

Needs Docker. Without --image it builds one of SIZE MB (1000) and removes it at the end: a
third random bytes, a third text that packs well, and 20 000 small files. dive and dlayer are
measured where they are on PATH.
"""

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = f"emit-bench-{os.getpid()}:1"
DOCKERFILE = "FROM alpine:3.20\nCOPY random /random\nCOPY text /text\nCOPY small /small\n"
SMALL = 20_000
EMIT = f"{sys.executable} -m emit layers"
BASH = shutil.which("bash") or "bash"
DOCKER = shutil.which("docker") or "docker"


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, default=1000, help="MB of the image (1000)")
    parser.add_argument("--runs", type=int, default=5, help="runs of each row (5)")
    parser.add_argument("--image", default="", help="an image that is there already")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, built(asked.image, asked.size, Path(name)) as image:
        folder = Path(name)
        saved, oci, plain = folder / "saved.tar", folder / "oci", folder / "plain.tar"
        run(f"{DOCKER} save {image} -o {saved}")
        oci.mkdir()
        run(f"tar -xf {saved} -C {oci}")
        uncompressed(image, plain)
        table(rows(image, saved, oci, plain), asked.runs)


def rows(image: str, saved: Path, oci: Path, plain: Path) -> list[tuple[str, str, int]]:
    """Return what, the command and the bytes that it reads; a group begins with its yardstick."""
    packed, unpacked = saved.stat().st_size, plain.stat().st_size
    found = [
        ("docker save, into wc -c", f"{DOCKER} save {image} | wc -c", packed),
        ("docker save, into emit layers -", f"{DOCKER} save {image} | {EMIT} - --json", packed),
        ("packed file, by cat into wc -c", f"cat {saved} | wc -c", packed),
        ("packed file, by cat into emit layers -", f"cat {saved} | {EMIT} - --json", packed),
        ("packed file: emit layers", f"{EMIT} {saved} --json", packed),
        ("packed folder: emit layers", f"{EMIT} {oci} --json", packed),
        ("packed file: python's zlib alone", f"{sys.executable} -c '{ZLIB}' {oci}", packed),
        ("plain file, by cat into wc -c", f"cat {plain} | wc -c", unpacked),
        ("plain file, by cat into emit layers -", f"cat {plain} | {EMIT} - --json", unpacked),
        ("plain file: emit layers", f"{EMIT} {plain} --json", unpacked),
        ("plain file: sha256sum", f"sha256sum {plain}", unpacked),
    ]
    if shutil.which("dive"):
        dive = "CI=true dive docker-archive://"
        found += [
            ("packed file: dive", f"{dive}{saved}", packed),
            ("plain file: dive", f"{dive}{plain}", unpacked),
        ]
    if shutil.which("dlayer"):  # which says 0 B of packed layers
        found += [
            ("plain file: dlayer", f"dlayer -f {plain}", unpacked),
            ("plain file, by cat into dlayer", f"cat {plain} | dlayer -f -", unpacked),
        ]
    return found


ZLIB = """
import sys, zlib, pathlib
for blob in pathlib.Path(sys.argv[1]).glob("blobs/sha256/*"):
    with blob.open("rb") as file:
        if file.read(2) == b"\\x1f\\x8b":
            file.seek(0)
            one = zlib.decompressobj(31)
            while data := file.read(1 << 20):
                one.decompress(data)
"""


def table(measured: list[tuple[str, str, int]], runs: int) -> None:
    """Run all commands by turns, so that other work on the machine slows each of them; print."""
    rounds = [[timed(command) for _, command, _ in measured] for _ in range(runs)]
    print(f"| what | MB read | median of {runs}, s | MB/s | least to most, s |")
    print("|---|--:|--:|--:|--:|")
    for (what, _, size), *taken in zip(measured, *rounds, strict=True):
        times = sorted(taken)
        middle = statistics.median(times)
        rate = size / 1e6 / middle
        spread = f"{times[0]:.2f} to {times[-1]:.2f}"
        print(f"| {what} | {size / 1e6:.0f} | {middle:.2f} | {rate:.0f} | {spread} |", flush=True)


def timed(command: str) -> float:
    """Run a command in a shell and return its seconds."""
    began = time.perf_counter()
    run(command)
    return time.perf_counter() - began


def run(command: str) -> None:
    """Run a line of sh; its failure is ours."""
    line = f"set -o pipefail 2>/dev/null; {command}"
    subprocess.run([BASH, "-c", line], check=True, stdout=subprocess.DEVNULL)


def uncompressed(image: str, place: Path) -> None:
    """Write the image with plain layers, as Docker without the containerd store saves it."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "Dockerfile").write_text(f"FROM {image}\n")
        output = f"type=docker,compression=uncompressed,force-compression=true,dest={place}"
        run(f"{DOCKER} buildx build -q --provenance=false -o {output} {name}")


@contextmanager
def built(image: str, size: int, folder: Path) -> Iterator[str]:
    """Give the image that was named, or one that is made for the measurement."""
    if image:
        yield image
        return
    context = folder / "context"
    (context / "small").mkdir(parents=True)
    chance = random.Random(1)  # noqa: S311 - the same bytes each time
    part = size * 1_000_000 // 3
    with (context / "random").open("wb") as file:
        file.writelines(chance.randbytes(1 << 20) for _ in range(part >> 20))
    words = [f"{chance.getrandbits(40):x}" for _ in range(5000)]
    with (context / "text").open("w") as file:
        for _ in range(part // 90_000):
            file.write(" ".join(chance.choices(words, k=8182)) + "\n")
    for number in range(SMALL):
        data = " ".join(chance.choices(words, k=part // SMALL // 11))
        (context / "small" / f"{number}.js").write_text(data)
    (context / "Dockerfile").write_text(DOCKERFILE)
    try:
        run(f"{DOCKER} build -q --network host --provenance=false -t {NAME} {context}")
        yield NAME
    finally:
        subprocess.run([DOCKER, "image", "rm", "-f", NAME], check=False, capture_output=True)


if __name__ == "__main__":
    main()
