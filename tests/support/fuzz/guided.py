"""Texts to which coverage leads: `python -m tests.support.fuzz.guided -max_total_time=60`.

Needs atheris (`pip install atheris`), whose options are those of libFuzzer. It makes texts of bytes and keeps
those that reach code that none before reached; the promises are held to each. What breaks one ends the run,
and its bytes are kept in a file that the same command takes again.
"""

from __future__ import annotations

import sys
from importlib import import_module


def main() -> None:
    """Run until a promise is broken or libFuzzer's options end it."""
    atheris = import_module("atheris")
    with atheris.instrument_imports(include=["rstage"]):
        rstage = import_module("rstage")
        promises = import_module("tests.support.fuzz.promises")
    modes, fields = ("strict", "standard", "repair"), (None, "T", "N", "M", "group", "L", "R")

    def hold_all(data: bytes) -> None:
        drawn = atheris.FuzzedDataProvider(data)
        mode, field = drawn.PickValueInList(list(modes)), drawn.PickValueInList(list(fields))
        text = drawn.ConsumeUnicodeNoSurrogates(200)
        options = {"mode": mode, **({} if field is None else {"field": field})}
        promises.of_reading(rstage.read(text, **options), options)
        for mention in rstage.find(text, mode=mode):
            start, end = mention.span
            promises.hold(mention.text == text[start:end], promises.ACCOUNTED, text, mode)
            promises.hold(
                mention.stage is not None or mention.reading.diagnostics, promises.POSITION, text, mode
            )

    atheris.Setup(sys.argv, hold_all)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
