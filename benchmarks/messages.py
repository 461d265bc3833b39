"""What reading a message costs, against the bare parser of its notation passing over the same file."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from measuring import cost, cpu_ratio, interleaved, print_memory, rstage_command
from national import write_bundle, write_naaccr, write_ndjson

if TYPE_CHECKING:
    from collections.abc import Sequence

EXAMPLES = Path(__file__).parents[1] / "examples"
PASSES = Path(__file__).with_name("passes.py")
SHIPPED = ("naaccr_synthetic.xml", "obds_synthetic.xml", "fhir_synthetic.ndjson")

NATIONAL = (("NAACCR XML", write_naaccr, ".xml", 1.4), ("FHIR NDJSON", write_ndjson, ".ndjson", 4))

READ = """
import sys
from rstage import messages
from rstage.messages.recognize import needed_format
from rstage.messages.source import Source
with Source(sys.argv[1]) as source:
    for record in needed_format(source, None).records(source, {}):
        pass
"""


def repeated(path: Path, target: Path, megabytes: float) -> None:
    """Write a message in which the records of another one stand as often as makes that size."""
    data = path.read_bytes()
    if path.suffix == ".xml":
        begin, end = data.index(b"<Patient"), data.rindex(b"</Patient>") + len(b"</Patient>")
        before, records, after = data[:begin], data[begin:end], data[end:]
    elif path.suffix == ".json":
        before, records, after = b"", json.dumps(json.loads(data)).encode() + b"\n", b""
    else:
        before, records, after = b"", data, b""
    with target.open("wb") as stream:
        stream.write(before)
        for _ in range(max(1, int(megabytes * 1_000_000 / len(records)))):
            stream.write(records)
        stream.write(after)


def commands(source: Path) -> dict[str, Sequence[str]]:
    """Return reading the records, and the whole commands."""
    out = str(source.with_suffix(".out"))
    quiet = ("-q", "--exit-zero")
    return {
        "read": [sys.executable, "-c", READ, str(source)],
        "check": [*rstage_command(), "check", str(source), "--statistics", *quiet],
        "restage": [*rstage_command(), "restage", str(source), "-o", out, "--force", *quiet],
        "verify": [*rstage_command(), "verify", out, "--against", str(source), "-q"],
    }


def passes(source: Path, repeats: int) -> dict[str, float]:
    """Return the least times of passing over a message once everything is loaded; see `passes.py`."""
    command = [sys.executable, str(PASSES), str(source), str(repeats)]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    times: dict[str, float] = json.loads(found)
    return times


def measure(name: str, whole: Path, tenth: Path, repeats: int, bar: float) -> None:
    """Print what a message costs; times are those of the processor."""
    passed = passes(whole, repeats)
    costs = interleaved(commands(whole), repeats)
    print(f"{name}, {whole.stat().st_size / 1e6:.0f} MB")
    check = min(one.cpu for one in costs["check"]) / passed["bare"]
    print(f"read against the bare pass: {passed['read'] / passed['bare']:.2f} (bar: {bar})")
    print(f"read and linked to histories, likewise: {passed['histories'] / passed['bare']:.2f}")
    print(f"rstage check, the whole process, against the bare pass: {check:.2f}")
    print(f"the least that reading needs, against it: {passed['least'] / passed['bare']:.2f}")
    first = min(one.cpu for one in costs["read"]) - passed["read"]
    print(f"once for each run, loading and new texts included: {first:.2f} s")
    print(f"verify against restage: {cpu_ratio(costs['verify'], costs['restage']):.2f} (bar: 1.1)")
    print_memory("rstage check", [cost(commands(tenth)["check"])], costs["check"])


def measure_bundle(bundle: Path, megabytes: float) -> None:
    """Print the peaks of memory of one bundle that cannot be cut into records."""
    write_bundle(bundle, megabytes)
    print(f"one bundle of FHIR, {bundle.stat().st_size / 1e6:.0f} MB")
    for name, command in commands(bundle).items():
        print(f"{name}: peak of {cost(command).megabytes:.0f} MB (bar: 500)")


def main() -> None:
    """Print for each message the ratio of reading it to the bare pass, and the peaks of memory."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("messages", nargs="*", type=Path, help="messages; invented ones without any")
    options.add_argument("--megabytes", type=float, default=57)
    options.add_argument("--repeats", type=int, default=3)
    chosen = options.parse_args()

    with tempfile.TemporaryDirectory() as name:
        for path in chosen.messages or [EXAMPLES / shipped for shipped in SHIPPED]:
            suffix = ".xml" if path.suffix == ".xml" else ".ndjson"
            whole, tenth = Path(name) / f"whole{suffix}", Path(name) / f"tenth{suffix}"
            repeated(path, whole, chosen.megabytes)
            repeated(path, tenth, chosen.megabytes / 10)
            measure(path.name, whole, tenth, chosen.repeats, 2)
        if not chosen.messages:
            for kind, write, suffix, bar in NATIONAL:
                whole, tenth = Path(name) / f"national{suffix}", Path(name) / f"part{suffix}"
                write(whole, chosen.megabytes)
                write(tenth, chosen.megabytes / 10)
                measure(f"national {kind}", whole, tenth, chosen.repeats, bar)
            measure_bundle(Path(name) / "bundle.json", chosen.megabytes)


if __name__ == "__main__":
    main()
