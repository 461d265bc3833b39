"""The example that makes one long table of the diagnoses and the follow-ups of a delivery."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.support.command_line import run
from tests.support.page_blocks import FOLLOW_UPS, TUMORS
from tests.support.paths import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path


def test_follow_ups_are_restaged_with_the_diagnoses_of_the_other_table(tmp_path: Path) -> None:
    for name, text in (("tumors.csv", TUMORS), ("follow_ups.csv", FOLLOW_UPS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    made = subprocess.run(  # noqa: S603  our own example
        [sys.executable, EXAMPLES / "national_tables.py", "tumors.csv", "follow_ups.csv"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stderr == "1 follow-ups of no recurrence left out\n"
    (tmp_path / "stagings.csv").write_text(made.stdout, encoding="utf-8")
    columns = ("--date", "date", "--event", "event", "--recurrence", "recurrence")
    done = run("history", str(tmp_path / "stagings.csv"), "--preset", "rki", *columns, "-q")
    assert done.code == 0
    found = [json.loads(line) for line in done.out.splitlines()]
    shown = [
        (
            one["tumor_id"],
            one["diagnosis"]["date"],
            [(later["assessment"]["date"], later["event"]) for later in one["restagings"]],
            len(one["initial"]),
        )
        for one in found
    ]
    # The follow-up of the third tumor is no recurrence, and never its diagnosis.
    assert shown == [
        ("1", "2019-03", [("2022-06", "progression")], 2),
        ("2", "2018", [("2021-09", "recurrence")], 1),
    ]
