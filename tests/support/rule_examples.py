"""The examples of the rules: the files that their command lines name, and what each example gives."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage import Rule, rules
from tests.support.case_tables import options
from tests.support.command_line import CliRunner
from tests.support.message_files import write_messages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rstage import Diagnostic

STAGES = (
    "id,dx,new,dx_date,new_date,event\n1,cT2 N0 M0,T3 N0 M0,2019-03-02,2023-05,recurrence\n2,pT1,,2020,,\n"
)
UNFORESEEN = "T1 N1 M1"
KEY = b"0123456789abcdef0123456789abcdef"
KEYED = rstage.restage(
    rstage.Staging.parse("cT2 N0 M0"), rstage.Staging.parse("T3 N0 M0"), key=rstage.LinkKey(KEY)
).to_dict()
RESTAGING = rstage.restage(rstage.Staging.parse("cT2 N0 M0"), rstage.Staging.parse("T3 N0 M0")).to_dict()
REVIEWED = "code,column,value,who,why,date\nRS103,dx,T5,AB,seen in the report,2024-05-31\n"
CORRECTIONS = "column,value,read_as,who,why,date\ndx,T5,T4,AB,seen in the report,2024-05-31\n"
LONG = "tumor,stage,event,kind\n1,cT2 N0 M0,,\n1,T3 N0 M0,recurrence,local\n"
SITES = "schema\ttopography\tedition\titem\tvalue\n" + "".join(
    f"lung\tC34\t\t{item}\t{value}\n"
    for item, value in (("T", "T2"), ("T", "T2a"), ("N", "N0"), ("M", "M0"), ("group", "IIA"))
)
GROUPS = "T\tN\tM\tgroup\nT1,T2\tN0\tM0\tIIA\nT1,T2\tN1\tM0\tIIIB\n"
RESTAGING_KEYS = {
    "date": ("diagnosis", "date"),
    "site": ("diagnosis", "site"),
    "tumor_id": ("diagnosis", "tumor_id"),
    "assessment_date": ("assessment", "date"),
    "assessment_site": ("assessment", "site"),
    "assessment_tumor_id": ("assessment", "tumor_id"),
}

FILES = {
    "stages.csv": STAGES,
    "empty.csv": "",
    "out.csv": "x\n",
    "twice.csv": "id,dx,dx\n1,T2,T3\n",
    "quote.csv": 'id,dx\n1,"' + "T2 N0," * 2_000_000,
    "ragged.csv": "id,dx\n1,T2,N0\n",
    "stages.ndjson": '{"id":1,"dx":"T2"}\n',
    "twice.ndjson": '{"dx":"T2"}\n{"dx":"T2","dx":"T3"}\n',
    "normalized.csv": "id,dx,dx_normalized\n1,T2,T2\n",
    "no_diagnosis.csv": "id,dx,new\n1,,T3\n",
    "sites.tsv": SITES,
    "bad_sites.tsv": SITES + "lung\tC34\t\tT\tT9\n",
    "groups.tsv": GROUPS,
    "groups_of_sites.tsv": GROUPS.replace("T\t", "topography\tT\t", 1).replace("\nT", "\nC34\tT"),
    "bad_groups.tsv": GROUPS + "T9\tN0\tM0\tIV\n",
    "grouped.csv": "good,wrong,unlisted\npT2 N0 M0 IIA,pT2 N0 M0 IIIB,pT4 N0 M0 IV\n",
    "long.csv": LONG,
    "letter.txt": "At diagnosis pT2 pN0 M0.\n\nRecurrence: rT3 N1 M0.\n",
    "letters.txt": "cT2 cN0 M0, then pT3 pN1.\n\nRecurrence: rT3 N1 M0.\n",
    "one_restaging.ndjson": json.dumps(RESTAGING),
    "keyed_restaging.ndjson": json.dumps(KEYED),
    "link.key": KEY.decode(),
    "other.key": KEY.decode()[::-1],
    "short.key": KEY.decode()[1:],
    "null_restaging.ndjson": json.dumps(RESTAGING | {"link": None}),
    "no_tumor.csv": "tumor,stage,kind\n1,T2 N0 M0,\n1,rT2 N0 M0,near\n,rT3 N0 M0,\n",
    "strict.toml": 'mode = "strict"\n',
    "bad_toml.toml": "mode = strict\n",
    "bad_name.toml": 'mod = "strict"\n',
    "bad_value.toml": "mode = true\n",
    "reviewed_stages.csv": "id,dx\n1,T5\n",
    "reviewed.csv": REVIEWED,
    "bad_reviewed.csv": REVIEWED.replace("seen in the report", ""),
    "unforeseen.csv": f"id,dx\n1,{UNFORESEEN}\n",
    "corrected.csv": "id,dx\n1,T5\n",
    "corrections.csv": CORRECTIONS,
    "bad_corrections.csv": CORRECTIONS.replace("seen in the report", ""),
    "as_given.csv": "dx,number,date,time,system,blank\nII,2.0,2-Jan,2019-03-02T10:00:00Z,FIGO,\n",
    "bad_dates.csv": "id,dx,new,dx_date,event\n1,T2,T3,02/03/2019,relapse\n",
}


def write_workbook(path: Path) -> None:
    """Write a workbook with a date of its own, where that can be done."""
    try:
        from openpyxl import Workbook
    except ImportError:
        return
    workbook = Workbook()
    for row in (("dx", "day"), ("T2", date(2019, 3, 2))):
        workbook.active.append(row)
    workbook.save(path)


# What an example may write to is copied; what is larger is no output of any.
LARGEST_COPY = 100_000


def write_example_files(folder: Path) -> None:
    """Write the files that the examples of command lines name; some are large."""
    write_messages(folder)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    write_workbook(folder / "dates.xlsx")
    (folder / "binary.csv").write_bytes(b"PK\x03\x04\x00\x00dx\n")
    (folder / "latin1.csv").write_bytes("id,dx,arzt\n1,T2,M\xfcller\n".encode("latin-1"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        output_of("restage stages.csv -o restaged.csv --diagnosis dx --assessment new")
    restaged = (folder / "restaged.csv").read_text(encoding="utf-8")
    lines = restaged.splitlines(keepends=True)
    (folder / "altered.csv").write_text(restaged.replace("rT3", "rT4"), encoding="utf-8")
    (folder / "altered_original.csv").write_text(restaged.replace("cT2", "cT1"), encoding="utf-8")
    (folder / "cut.csv").write_text("".join(lines[:-1]), encoding="utf-8")
    (folder / "longer.csv").write_text(restaged + lines[-1], encoding="utf-8")


def copy_example_files(source: Path, target: Path) -> None:
    """Give a folder files of its own for the examples."""
    for path in source.iterdir():
        if path.stat().st_size > LARGEST_COPY:
            (target / path.name).symlink_to(path)
        else:
            shutil.copyfile(path, target / path.name)


@contextmanager
def as_needed(rule: Rule) -> Iterator[None]:
    """Let an extra be missing, or rstage fail, for the rules that say so."""
    with pytest.MonkeyPatch.context() as patch:
        if rule is rules.EXTRA_MISSING:
            patch.setitem(sys.modules, "lxml", None)
        if rule is rules.INTERNAL_ERROR:
            patch.setattr("rstage.tables.cells.read", read_unless_unforeseen)
        yield


def output_of(command: str) -> str:
    """Return everything a command prints, with every format that names codes."""
    from rstage.cli import main

    result = CliRunner().invoke(main, shlex.split(command))
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.output


def read_unless_unforeseen(text: str, **keywords: Any) -> rstage.Reading:
    """Read a text, and fail on one of them as rstage never should."""
    if text == UNFORESEEN:
        raise LookupError(text)
    return rstage.read(text, **keywords)


def altered(restaging: rstage.Restaging, path: str) -> rstage.Restaging:
    """Return the restaging with one field changed."""
    if path == "restaged":
        return replace(restaging, restaged=rstage.parse("rT4"))
    if path == "recurrence":
        return replace(restaging, recurrence=frozenset())
    whole, _, name = path.partition(".")
    part: Any = getattr(restaging, whole)
    return replace(restaging, **{whole: replace(part, **{name: {"date": "1999"}.get(name, "0" * 64)})})


def restaging_findings(given: dict[str, Any]) -> tuple[Diagnostic, ...]:
    sides: dict[str, dict[str, Any]] = {"diagnosis": {}, "assessment": {}}
    for key, (side, name) in RESTAGING_KEYS.items():
        if key in given:
            sides[side][name] = given[key]
    try:
        diagnosis, assessment = (
            rstage.Staging.parse(given[side], **keywords) for side, keywords in sides.items()
        )
    except rstage.NotationError as error:
        return error.diagnostics
    keywords = {name: given[name] for name in ("event", "recurrence") if name in given}
    found = (*diagnosis.diagnostics, *rstage.check_restaging(diagnosis, assessment, **keywords))
    if "alter" in given:
        return rstage.verify(altered(rstage.restage(diagnosis, assessment, **keywords), given["alter"]))
    return found


def history_findings(given: dict[str, Any]) -> tuple[Diagnostic, ...]:
    """Return what is found in the history that stagings make, altered where the example says so."""
    pairs = [one.split("@") for one in given["stagings"].split("|")]
    stagings = [rstage.Staging.parse(text.strip(), date=date.strip()) for text, date in pairs]
    try:
        history = rstage.History.of(stagings)
    except rstage.RestagingError as error:
        return error.diagnostics
    restagings = history.restagings
    altered: dict[str, dict[str, Any]] = {
        "swap": {"restagings": restagings[::-1]},
        "drop": {"restagings": restagings[1:]},
        "initial": {"initial": (*history.initial, *(one.assessment for one in restagings[:1]))},
    }
    made = replace(history, **altered.get(given.get("alter", ""), {}))
    return (*history.diagnostics, *rstage.verify(made))


def codes_of(example: str) -> set[str]:
    """Return the codes that an example gives."""
    if example.startswith("$ rstage "):
        output = output_of(example.removeprefix("$ rstage "))
        return {code for code in rules.BY_CODE if code in output}
    if "=" not in example:
        return {found.code for found in rstage.read(example).diagnostics}
    return {found.code for found in findings_of(options(example))}


def findings_of(given: dict[str, Any]) -> tuple[Diagnostic, ...]:
    """Return what the call finds whose keywords were given."""
    if "diagnosis" in given:
        return restaging_findings(given)
    if "stagings" in given:
        return history_findings(given)
    if "encode" in given:
        return rstage.parse(given["text"]).encode(given["encode"], lossy=True).left_out
    if "text" in given:
        return rstage.read(given.pop("text"), **given).diagnostics
    return rstage.read_parts(**given).diagnostics
