"""Messages whose links are made with a key, in every place that holds a link."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage import messages
from tests.support.command_line import run
from tests.support.fhir_messages import GOOD as FHIR
from tests.support.link_keys import KEY, OTHER, SECRET
from tests.support.paths import MESSAGES

if TYPE_CHECKING:
    from pathlib import Path

LINK = re.compile(r"r[12]:[0-9a-f]{64}")
SIDECARS = ("naaccr.xml", "obds.xml")


def codes(found: tuple[Any, ...]) -> set[tuple[str, str]]:
    return {(one.diagnostic.code, str(one.diagnostic.severity)) for one in found}


def told(file: Path, key: rstage.LinkKey | None) -> set[tuple[str, str]]:
    """Return which codes about links are told when a message is read."""
    found = [
        one
        for record in messages.read(file, key=key)
        for tumor in record.tumors
        for one in (*record.findings, *tumor.findings)
    ]
    return {one for one in codes(tuple(found)) if one[0] in ("RS445", "RS446", "RS447", "RS548")}


@pytest.mark.parametrize("name", [*FHIR, *SIDECARS])
def test_what_is_written_with_a_key_is_proven_with_it(name: str, tmp_path: Path) -> None:
    source, plain, keyed = MESSAGES / name, tmp_path / "plain", tmp_path / "keyed"
    written = messages.write(source, plain)
    assert messages.write(source, keyed, key=KEY).restagings == written.restagings > 0
    text = keyed.read_text(encoding="utf-8")
    links = [one[:3] for one in LINK.findall(text)] if name in FHIR else re.findall('"version": ([12])', text)
    assert len(set(links)) == 1
    assert set(links) <= {"r2:", "2"}
    assert messages.verify(keyed, source, key=KEY) == ()
    assert codes(messages.verify(keyed, source)) == {("RS445", "error")}
    assert codes(messages.verify(plain, source, key=KEY)) == {("RS446", "error")}
    assert codes(messages.verify(keyed, source, key=OTHER)) == {("RS447", "error")}
    assert messages.verify(plain, source) == ()


@pytest.mark.parametrize("name", SIDECARS)
def test_a_restaging_that_was_altered_is_told_beside_its_link(name: str, tmp_path: Path) -> None:
    source, keyed = MESSAGES / name, tmp_path / "keyed"
    messages.write(source, keyed, key=KEY)
    first, *rest = keyed.read_text(encoding="utf-8").splitlines(keepends=True)
    data = json.loads(first)
    data["restaging"]["event"] = "progression" if data["restaging"]["event"] != "progression" else "unknown"
    keyed.write_text(json.dumps(data) + "\n" + "".join(rest), encoding="utf-8")
    assert ("RS455", "error") in codes(messages.verify(keyed, source, key=KEY))
    found = codes(messages.verify(keyed, source))
    assert ("RS445", "error") in found
    assert len(found) > 1


def test_a_record_that_was_altered_is_told_beside_its_link(tmp_path: Path) -> None:
    source, keyed = MESSAGES / "obds.xml", tmp_path / "keyed"
    messages.write(source, keyed, key=KEY)
    first, *rest = keyed.read_text(encoding="utf-8").splitlines(keepends=True)
    data = json.loads(first) | {"digest": "0" * 64}
    keyed.write_text(json.dumps(data, ensure_ascii=False) + "\n" + "".join(rest), encoding="utf-8")
    assert codes(messages.verify(keyed, source)) == {("RS445", "error"), ("RS515", "error")}
    assert codes(messages.verify(keyed, source, key=KEY)) == {("RS515", "error")}


@pytest.mark.parametrize("name", FHIR)
def test_observations_of_a_link_are_read_with_the_key_that_made_them(name: str, tmp_path: Path) -> None:
    plain, keyed = tmp_path / "plain.json", tmp_path / "keyed.json"
    messages.write(MESSAGES / name, plain)
    messages.write(MESSAGES / name, keyed, key=KEY)
    assert told(plain, None) == told(keyed, KEY) == set()
    assert told(keyed, None) == {("RS445", "error")}
    assert told(keyed, OTHER) == {("RS447", "error")}
    assert told(plain, KEY) == {("RS446", "warning")}


@pytest.mark.parametrize("name", FHIR)
@pytest.mark.parametrize("first", [None, KEY], ids=["plain first", "keyed first"])
@pytest.mark.parametrize("second", [None, KEY, OTHER], ids=["then plain", "then keyed", "then other"])
def test_a_restaging_is_never_written_twice(
    name: str, first: rstage.LinkKey | None, second: rstage.LinkKey | None, tmp_path: Path
) -> None:
    once, twice = tmp_path / "once.json", tmp_path / "twice.json"
    messages.write(MESSAGES / name, once, key=first)
    messages.write(once, twice, key=second)
    assert twice.read_bytes() == once.read_bytes()


@pytest.mark.parametrize("name", FHIR)
@pytest.mark.parametrize("key", [None, KEY, OTHER], ids=["no key", "the key", "another key"])
def test_a_stage_of_a_link_is_no_staging_of_its_own(
    name: str, key: rstage.LinkKey | None, tmp_path: Path
) -> None:
    keyed = tmp_path / "keyed.json"
    messages.write(MESSAGES / name, keyed, key=KEY)
    before, after = (
        [
            [str(one) for one in found.history.restagings]
            for found in messages.histories(file)
            if found.history
        ]
        for file in (MESSAGES / name, keyed)
    )
    assert before == after
    again = [found.history for found in messages.histories(keyed, key=key)]
    assert [[str(one) for one in history.restagings] for history in again if history] == before


def test_items_of_a_message(tmp_path: Path) -> None:
    key, other = tmp_path / "link.key", tmp_path / "other.key"
    key.write_bytes(SECRET)
    other.write_bytes(SECRET[::-1])
    source, out = MESSAGES / "naaccr.xml", tmp_path / "out.xml"
    items = ("--naaccr-items", "clinic")
    run("restage", source, "-o", out, *items, "--link-key", key)
    assert {one[:3] for one in LINK.findall(out.read_text())} == {"r2:"}
    verify = ("verify", out, "--against", source, *items)
    assert run(*verify, "--link-key", key).code == 0
    for more, code in (((), "RS445"), (("--link-key", other), "RS447")):
        done = run(*verify, *more)
        assert done.code == 1
        assert set(re.findall(r"RS\d{3}", done.out)) == {code}
    out.write_text(out.read_text().replace("r2:", "r2:0", 1))
    assert "RS515" in run(*verify, "--link-key", key).out


# ---------------------------------------------------------------- what an earlier run wrote

COURSE = MESSAGES / "obds_course.xml"


def prior(folder: Path, key: rstage.LinkKey | None) -> Path:
    path = folder / "histories.jsonl"
    found = messages.histories(MESSAGES / "obds.xml", key=key)
    path.write_text("".join(json.dumps(one.to_dict()) + "\n" for one in found), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("before", "now", "expected", "why"),
    [
        (None, None, set(), ""),
        (KEY, KEY, set(), ""),
        (None, KEY, {("RS446", "warning")}, ""),
        (KEY, None, {("RS443", "error")}, "made with a key"),
        (KEY, OTHER, {("RS443", "error")}, "do not fit the key"),
    ],
)
def test_a_prior_history(
    before: rstage.LinkKey | None,
    now: rstage.LinkKey | None,
    expected: set[tuple[str, str]],
    why: str,
    tmp_path: Path,
) -> None:
    course = tmp_path / "course.xml"
    later = COURSE.read_text(encoding="utf-8").replace("2024-02-01", "2025-02-01")
    course.write_text(later, encoding="utf-8")
    made = list(messages.histories(course, prior=prior(tmp_path, before), key=now))
    found = [one for history in made for one in history.findings]
    about = ("RS443", "RS445", "RS446", "RS447")
    assert {one for one in codes(tuple(found)) if one[0] in about} == expected
    assert why in " ".join(one.diagnostic.message for one in found)
    histories = [(one.history, one.prior_count) for one in made if one.history is not None and one.new_count]
    assert bool(histories) == (not why)
    for history, count in histories:
        assert set(history.link_versions[count:]) == {1 if now is None else 2}
        assert not [one for one in rstage.verify(history, key=now) if one.severity == "error"]


def test_gathered_messages(tmp_path: Path) -> None:
    key = tmp_path / "link.key"
    key.write_bytes(SECRET)
    out = tmp_path / "out.jsonl"
    run("history", MESSAGES / "obds.xml", COURSE, "-o", out, "--link-key", key)
    assert run("verify", out, "--link-key", key).code == 0
    assert run("verify", out).code == 1


@pytest.mark.parametrize(
    ("first", "second"), [((), ("link.key",)), (("link.key",), ()), (("link.key",), ("other.key",))]
)
def test_an_item_of_a_link_stands_once_in_a_tumor(
    first: tuple[str, ...], second: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "link.key").write_bytes(SECRET)
    (tmp_path / "other.key").write_bytes(SECRET[::-1])
    once, twice = tmp_path / "once.xml", tmp_path / "twice.xml"
    items = ("--naaccr-items", "clinic")
    keys = [[word for name in names for word in ("--link-key", tmp_path / name)] for names in (first, second)]
    run("restage", MESSAGES / "naaccr.xml", "-o", once, *items, *keys[0])
    done = run("restage", once, "-o", twice, *items, *keys[1])
    assert twice.read_bytes() == once.read_bytes()
    assert "RS505" in done.err
    assert run("verify", twice, "--against", once, *items, *keys[1]).code == 0
    again = run("restage", once, "-o", tmp_path / "again.xml", *items, *keys[0])
    assert "another key" not in again.err
