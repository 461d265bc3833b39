"""A job of a registry: read NAACCR XML, write the sidecar with the restagings, and print statistics.

    python examples/registry_job.py examples/naaccr_synthetic.xml sidecar.jsonl

The message is not changed. Exit code 1 says that something in it wants a registrar.
"""

from __future__ import annotations

import sys
from collections import Counter

from rstage import Severity
from rstage import messages as formats
from rstage.restaging.recurrence import types_text


def main(message: str, sidecar: str) -> int:
    """Write the sidecar of a message and print what is in it."""
    written = formats.write(message, sidecar, force=True)

    bases: Counter[str] = Counter()
    recurrences: Counter[str] = Counter()
    for found in formats.histories(message):
        if found.history is None:
            bases["none"] += 1
            continue
        bases[found.history.diagnosis_basis] += 1
        recurrences.update(types_text(one.recurrence) or "not decided" for one in found.history.restagings)

    print(f"{written.records} patients, {written.tumors} tumors, {written.restagings} restagings")
    print("diagnosis taken from:", dict(bases.most_common()))
    print("recurrences:", dict(recurrences.most_common()))
    for code, count in sorted(Counter(one.diagnostic.code for one in written.findings).items()):
        print(f"{count:6} {code}")

    # What stands in the sidecar can be proven against the message at any time.
    print("proven:", not formats.verify(sidecar, message))
    return int(any(one.diagnostic.severity is Severity.ERROR for one in written.findings))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
