"""Every code has a wrong and a right example, and both are what they say."""

from __future__ import annotations

import json
import pkgutil
import re
import shlex
import shutil
import sys
from dataclasses import replace
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

import rstage
from rstage import Rule, rules
from rstage.model.checks import checked_rules
from tests.support.case_tables import options
from tests.support.message_files import write_messages

if TYPE_CHECKING:
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

RULE_MODULES = sorted(one.name for one in pkgutil.iter_modules(rules.__path__))
# `RS541`, `RS001 to RS015`, `RS54x`, `RS1xx`
NAMED_CODES = re.compile(r"RS(\d(?:\d[\dx]|xx))(?: to RS(\d{3}))?")


def named_codes(module: str) -> set[str]:
    """Return the codes that the first line of a module of rules names."""
    first_line = (import_module(f"rstage.rules.{module}").__doc__ or "").partition("\n")[0]
    return {
        f"RS{number:03}"
        for first, last in NAMED_CODES.findall(first_line)
        for number in range(int(first.replace("x", "0")), int(last or first.replace("x", "9")) + 1)
    }


@pytest.mark.parametrize("module", RULE_MODULES)
def test_a_module_says_which_codes_it_holds(module: str) -> None:
    held = {
        one.code for one in vars(import_module(f"rstage.rules.{module}")).values() if isinstance(one, Rule)
    }
    assert held <= named_codes(module)


def test_each_code_has_one_place() -> None:
    named = [code for module in RULE_MODULES for code in named_codes(module)]
    assert len(set(named)) == len(named)


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


@pytest.fixture(scope="session")
def example_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the examples of command lines name; some are large."""
    folder = tmp_path_factory.mktemp("rules")
    write_messages(folder)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    write_workbook(folder / "dates.xlsx")
    (folder / "binary.csv").write_bytes(b"PK\x03\x04\x00\x00dx\n")
    (folder / "latin1.csv").write_bytes("id,dx,arzt\n1,T2,M\xfcller\n".encode("latin-1"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        run("restage stages.csv -o restaged.csv --diagnosis dx --assessment new")
    restaged = (folder / "restaged.csv").read_text(encoding="utf-8")
    lines = restaged.splitlines(keepends=True)
    (folder / "altered.csv").write_text(restaged.replace("rT3", "rT4"), encoding="utf-8")
    (folder / "altered_original.csv").write_text(restaged.replace("cT2", "cT1"), encoding="utf-8")
    (folder / "cut.csv").write_text("".join(lines[:-1]), encoding="utf-8")
    (folder / "longer.csv").write_text(restaged + lines[-1], encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path, example_files: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files of its own for the examples."""
    monkeypatch.chdir(tmp_path)
    for path in example_files.iterdir():
        if path.stat().st_size > LARGEST_COPY:
            (tmp_path / path.name).symlink_to(path)
        else:
            shutil.copyfile(path, tmp_path / path.name)
    return tmp_path


def run(command: str) -> str:
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
        output = run(example.removeprefix("$ rstage "))
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


@pytest.mark.parametrize("rule", rules.ALL, ids=lambda rule: f"{rule.code}-{rule.name}")
def test_the_wrong_example_gives_the_code_and_the_right_one_does_not(
    rule: Rule, request: pytest.FixtureRequest
) -> None:
    if "$ rstage " in f"{rule.wrong}{rule.right}":
        request.getfixturevalue("folder")
    if rule is rules.SCHEMA_VIOLATED:
        pytest.importorskip("lxml")
    if rule is rules.DATES_OF_EXCEL:
        pytest.importorskip("openpyxl")
        pytest.importorskip("fastexcel")
    with pytest.MonkeyPatch.context() as patch:
        if rule is rules.EXTRA_MISSING:
            patch.setitem(sys.modules, "lxml", None)
        if rule is rules.INTERNAL_ERROR:
            patch.setattr("rstage.tables.cells.read", read_unless_unforeseen)
        assert rule.code in codes_of(rule.wrong)
        assert rule.code not in codes_of(rule.right)


@pytest.mark.parametrize("rule", rules.ALL, ids=lambda rule: rule.code)
def test_a_rule_is_complete(rule: Rule) -> None:
    assert getattr(rules, rule.name) is rule
    assert rule.message
    assert not rule.message.endswith(".")
    assert rule.reason.endswith(".")
    assert rule.source
    block = {"0": "error", "1": "error", "9": "error"}.get(rule.code[2])
    assert block is None or rule.severity == block


READ = [rule for rule in rules.ALL if not rule.wrong.startswith("$ ") and "encode=" not in rule.wrong]
IN_ONE_TEXT = [rule for rule in READ if "=" not in rule.wrong or "text=" in rule.wrong]


def read_example(rule: Rule, **more: Any) -> rstage.Reading:
    """Read the wrong example of a rule; what the example says itself counts before other options."""
    given = options(rule.wrong) if "=" in rule.wrong else {"text": rule.wrong}
    return rstage.read(given.pop("text"), **more | given)


@pytest.mark.parametrize("rule", IN_ONE_TEXT, ids=lambda rule: rule.code)
def test_a_rule_says_what_mode_strict_makes_of_it(rule: Rule) -> None:
    plain, strict = (read_example(rule, mode=mode).diagnostics for mode in ("standard", "strict"))
    before, after = ({one.severity for one in found if one.code == rule.code} for found in (plain, strict))
    assert ("mode strict" in rule.otherwise) == (before != after or "thin" in rule.otherwise)


@pytest.mark.parametrize(
    "rule", [rule for rule in IN_ONE_TEXT if rule.severity == "error"], ids=lambda rule: rule.code
)
def test_the_option_of_a_rule_reads_its_wrong_example(rule: Rule) -> None:
    assert not read_example(rule).ok
    words = iter(shlex.split(rule.option))
    named = {word.removeprefix("--"): next(words) for word in words}
    assert read_example(rule, **named).ok == bool(rule.option)
    assert not read_example(rule, mode="repair").ok or rule.option in ("--mode repair", "--dialect obds")


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in rules.ALL}) == len(rules.ALL) == len({rule.name for rule in rules.ALL})


def test_every_check_has_its_own_rule() -> None:
    checked = [rule.code for rule in checked_rules()]
    assert len(set(checked)) == len(checked)
    assert set(checked) <= set(rules.BY_CODE)
