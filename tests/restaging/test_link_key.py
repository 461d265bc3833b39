"""Links that are made with a key: what they prove, to whom, and that the key is never shown."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
import pickle
import re
import traceback
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage import rules
from rstage.restaging.link import LinkTemplate, canonical_json, is_keyed, unproven, unproven_in
from rstage.restaging.link_key import LONGEST_KEY, SHORTEST_KEY, LinkKeyError
from tests.support.link_keys import KEY, OTHER, SECRET
from tests.support.paths import DOCS
from tests.support.restagings import assessment, diagnosis, names, restaging

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NEEDED, WITHOUT, DIFFERS = "LINK_KEY_NEEDED", "LINK_WITHOUT_KEY", "LINK_KEY_DIFFERS"


def changed(made: rstage.Restaging, path: str, value: Any) -> rstage.Restaging:
    data = made.to_dict()
    *folders, last = path.split(".")
    inner = data
    for name in folders:
        inner = inner[name]
    inner[last] = value
    return rstage.Restaging.from_dict(data)


def history(*keys: rstage.LinkKey | None) -> rstage.History:
    """Return a history whose links were made with these keys, one after the other."""
    made = rstage.History.of([diagnosis()])
    for number, key in enumerate(keys):
        made = made.restage(assessment(date=f"{2023 + number}"), key=key)
    return made


# ---------------------------------------------------------------- what a link is


def canonical(made: rstage.Restaging, mac: Any) -> str:
    """Return the restaging as canonical JSON by the words of the page, with what makes the digests."""

    def of(staging: rstage.Staging) -> dict[str, Any]:
        names = ("date", "id", "site", "text", "tumor_id")
        return {name: getattr(staging, name) for name in names} | {"stage": str(staging.stage)}

    def text(value: object) -> str:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    return text(
        {
            "assessment": of(made.assessment),
            "diagnosis": mac(text(of(made.diagnosis))),
            "event": made.event,
            "previous": made.link.previous,
            "recurrence": [str(one) for one in rstage.RecurrenceType if one in made.recurrence],
            "recurrence_basis": made.recurrence_basis,
            "restaged": str(made.restaged),
            "version": made.link.version,
        }
    )


def test_the_digests_are_those_of_the_standard_library() -> None:
    def sha(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    def mac(text: str) -> str:
        return hmac.new(SECRET, text.encode(), hashlib.sha256).hexdigest()

    plain, keyed = restaging(), restaging(key=KEY)
    assert str(plain.link) == f"r1:{sha(canonical(plain, sha))}"
    assert str(keyed.link) == f"r2:{mac(canonical(keyed, mac))}"
    assert (plain.link.is_keyed, keyed.link.is_keyed) == (False, True)
    assert (is_keyed(str(plain.link)), is_keyed(str(keyed.link))) == (False, True)
    assert replace(keyed, link=plain.link) == plain


def test_no_digest_of_a_keyed_link_can_be_guessed() -> None:
    plain, keyed, other = (restaging(key=key).link for key in (None, KEY, OTHER))
    for name in ("diagnosis", "assessment", "restaging"):
        assert len({getattr(link, name) for link in (plain, keyed, other)}) == 3


def test_a_cell_and_a_link_are_made_in_one_place() -> None:
    made = restaging(key=KEY)
    template = LinkTemplate(
        made.assessment,
        restaged=made.restaged,
        event=made.event,
        recurrence=["distant"],
        recurrence_basis="derived",
        key=KEY,
    )
    new = made.assessment.circumstances
    cell = template.cell(canonical_json(made.diagnosis), new)
    assert cell == str(template.link(made.diagnosis, new)) == str(made.link)


def test_a_keyed_link_goes_through_dictionaries() -> None:
    made = restaging(key=KEY)
    data = json.loads(json.dumps(made.to_dict()))
    assert data["link"]["version"] == 2
    assert rstage.verify(rstage.Restaging.from_dict(data), key=KEY) == ()


# ---------------------------------------------------------------- what it proves


@pytest.mark.parametrize(
    ("made_with", "verified_with", "expected"),
    [
        (None, None, []),
        (KEY, KEY, []),
        (KEY, None, [NEEDED]),
        (None, KEY, [WITHOUT]),
        (KEY, OTHER, [DIFFERS]),
    ],
)
def test_verify_says_what_is_not_proven(
    made_with: rstage.LinkKey | None, verified_with: rstage.LinkKey | None, expected: list[str]
) -> None:
    found = rstage.verify(restaging(key=made_with), key=verified_with, original=diagnosis())
    assert names(found) == expected
    assert all(one.severity == "error" for one in found)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("diagnosis.date", "2019-03-03", ["DIAGNOSIS_ALTERED"]),
        ("assessment.date", "2023-06", ["ASSESSMENT_ALTERED"]),
        ("event", "progression", ["LINK_ALTERED"]),
        ("link.restaging", "0" * 64, ["LINK_ALTERED"]),
        ("link.previous", "0" * 64, ["LINK_ALTERED"]),
        ("link.tumor_id", "T2", ["LINK_ALTERED"]),
        ("recurrence", ["local"], ["RECURRENCE_ALTERED"]),
    ],
)
def test_with_the_key_verify_names_what_was_altered(path: str, value: Any, expected: list[str]) -> None:
    assert names(rstage.verify(changed(restaging(key=KEY), path, value), key=KEY)) == expected


def test_without_the_key_what_needs_no_digest_is_compared() -> None:
    made = restaging(key=KEY)
    assert names(rstage.verify(changed(made, "recurrence", ["local"]))) == [NEEDED, "RECURRENCE_ALTERED"]
    assert names(rstage.verify(changed(made, "link.tumor_id", "T2"))) == [NEEDED, "LINK_ALTERED"]
    assert names(rstage.verify(changed(made, "diagnosis.date", "2018"))) == [NEEDED]
    assert names(rstage.verify(made, original=diagnosis(date="2018"))) == [NEEDED, "DIAGNOSIS_ALTERED"]


def test_who_rewrites_everything_without_the_key_is_found() -> None:
    forged = rstage.restage(diagnosis("cT1 cN0 cM0"), assessment())
    assert names(rstage.verify(forged)) == []
    assert names(rstage.verify(forged, key=KEY)) == [WITHOUT]
    with_other_key = rstage.restage(diagnosis("cT1 cN0 cM0"), assessment(), key=OTHER)
    assert names(rstage.verify(with_other_key, key=KEY)) == [DIFFERS]


@pytest.mark.parametrize("key", [None, KEY])
def test_a_link_that_only_says_that_it_had_a_key_was_altered(key: rstage.LinkKey | None) -> None:
    assert names(rstage.verify(changed(restaging(), "link.version", 2), key=key)) == ["LINK_ALTERED"]


def test_a_link_that_says_it_had_no_key_was_altered_too() -> None:
    made = changed(restaging(key=KEY), "link.version", 1)
    assert "DIAGNOSIS_ALTERED" in names(rstage.verify(made))
    assert {"DIAGNOSIS_ALTERED", WITHOUT} <= set(names(rstage.verify(made, key=KEY)))


# ---------------------------------------------------------------- histories


def test_links_with_a_key_and_without_live_side_by_side() -> None:
    made = history(None, KEY, None, KEY)
    assert made.link_versions == (1, 2, 1, 2)
    assert [one.link.previous for one in made.restagings[1:]] == [
        one.link.restaging for one in made.restagings[:-1]
    ]
    assert rstage.History.from_dict(made.to_dict()).link_versions == (1, 2, 1, 2)


@pytest.mark.parametrize(
    ("keys", "verified_with", "expected"),
    [
        ((None, None), None, []),
        ((KEY, KEY), KEY, []),
        ((KEY, KEY), None, [(0, NEEDED, "error"), (1, NEEDED, "error")]),
        ((None, KEY), None, [(1, NEEDED, "error")]),
        # The link behind covers the one without a key, and so does any behind it.
        ((None, None, KEY), KEY, [(0, WITHOUT, "info"), (1, WITHOUT, "info")]),
        ((None, KEY, None), KEY, [(0, WITHOUT, "info"), (2, WITHOUT, "error")]),
        ((None, OTHER), KEY, [(0, WITHOUT, "error"), (1, DIFFERS, "error")]),
        ((None, None), KEY, [(0, WITHOUT, "error"), (1, WITHOUT, "error")]),
    ],
)
def test_verify_of_a_history(
    keys: tuple[rstage.LinkKey | None, ...],
    verified_with: rstage.LinkKey | None,
    expected: list[tuple[int, str, str]],
) -> None:
    found = rstage.verify(history(*keys), key=verified_with)
    assert [(one.part, one.name, one.severity) for one in found] == [
        (f"restagings[{place}]", name, severity) for place, name, severity in expected
    ]


def test_what_was_put_into_a_chain_covers_nothing() -> None:
    made, other = history(None, KEY), history(None, None)
    forged = replace(made, restagings=(other.restagings[0], other.restagings[1], made.restagings[1]))
    found = rstage.verify(forged, key=KEY)
    assert {(one.part, one.name, one.severity) for one in found} >= {
        ("restagings[0]", WITHOUT, "error"),
        ("restagings[1]", WITHOUT, "error"),
        ("restagings[2]", "PARENT_MISSING", "error"),
    }


def test_of_links_every_assessment_with_the_key() -> None:
    stagings = [diagnosis(), assessment("rcT0 rcN0 rpM1(HEP)"), assessment("rcT1 rcN0", date="2024")]
    assert rstage.History.of(stagings, key=KEY).link_versions == (2, 2)


# ---------------------------------------------------------------- the key itself


@pytest.mark.parametrize("length", [0, 1, SHORTEST_KEY - 1, LONGEST_KEY + 1, 5000])
def test_a_key_of_another_length_is_refused(length: int, tmp_path: Path) -> None:
    secret = (SECRET * 200)[:length]
    path = tmp_path / "link.key"
    path.write_bytes(secret)
    makes: list[Callable[[], object]] = [lambda: rstage.LinkKey(secret), lambda: rstage.LinkKey.load(path)]
    for make in makes:
        with pytest.raises(rstage.LinkKeyError) as caught:
            make()
        assert caught.value.diagnostic.code == rules.LINK_KEY_UNUSABLE.code
        assert SECRET[:8].decode() not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("length", [SHORTEST_KEY, SHORTEST_KEY + 1, LONGEST_KEY])
def test_a_key_of_the_right_length_is_taken_byte_for_byte(length: int, tmp_path: Path) -> None:
    secret = (SECRET * 200)[: length - 1] + b"\n"
    path = tmp_path / "link.key"
    path.write_bytes(secret)
    assert rstage.LinkKey.load(path) == rstage.LinkKey.load(str(path)) == rstage.LinkKey(secret)


@pytest.mark.parametrize("name", ["nothing.key", ".", "link\0.key"])
def test_a_key_file_that_cannot_be_read_is_said(name: str, tmp_path: Path) -> None:
    with pytest.raises(rstage.LinkKeyError) as caught:
        rstage.LinkKey.load(f"{tmp_path}/{name}")
    assert caught.value.diagnostic.code == rules.LINK_KEY_UNREADABLE.code


@pytest.mark.parametrize("secret", ["a text of more than 32 characters", bytearray(40), None, 40])
def test_a_secret_is_bytes(secret: Any) -> None:
    with pytest.raises(TypeError):
        rstage.LinkKey(secret)


@pytest.mark.parametrize("key", [SECRET, SECRET.decode(), "link.key"])
def test_a_key_argument_is_a_key(key: Any) -> None:
    calls: list[Any] = [
        lambda: restaging(key=key),
        lambda: rstage.verify(restaging(), key=key),
        lambda: rstage.History.of([diagnosis()], key=key),
        lambda: history(key),
    ]
    for call in calls:
        with pytest.raises(TypeError, match=r"key is a LinkKey, not .* rstage\.LinkKey\.load"):
            call()


def test_a_key_is_frozen_and_never_shown() -> None:
    shown = [
        repr(KEY),
        str(KEY),
        f"{KEY}",
        repr([KEY]),
        repr(restaging(key=KEY)),
        repr(restaging(key=KEY).link),
    ]
    assert not any(SECRET.decode()[:8] in one for one in shown)
    with pytest.raises(AttributeError):
        KEY._secret = b"x" * 40  # type: ignore[misc]
    assert not hasattr(KEY, "__dict__")


def test_keys_are_equal_by_their_bytes() -> None:
    assert rstage.LinkKey(SECRET) == KEY != OTHER
    assert hash(rstage.LinkKey(SECRET)) == hash(KEY)
    assert KEY != SECRET
    assert copy.deepcopy(KEY) == KEY
    assert pickle.loads(pickle.dumps(KEY)) == KEY  # noqa: S301  what this test pickled itself


@pytest.mark.parametrize(
    ("expected", "found", "name"),
    [
        ("r1:" + "0" * 64, "r1:" + "1" * 64, None),
        ("r1:" + "0" * 64, "r2:" + "1" * 64, NEEDED),
        ("r2:" + "0" * 64, "r1:" + "1" * 64, WITHOUT),
        ("r2:" + "0" * 64, "r2:" + "1" * 64, DIFFERS),
        ("", "r2:" + "1" * 64, None),
        ("r2:" + "0" * 64, "", None),
        ("r2:" + "0" * 64, "r2:" + "G" * 64, None),
    ],
)
def test_what_is_said_of_a_cell(expected: str, found: str, name: str | None) -> None:
    rule = unproven(expected, found)
    assert (rule.name if rule is not None else None) == name


def test_what_is_said_of_two_messages_is_said_of_the_links_that_one_of_them_has() -> None:
    plain, keyed, other = (f"r{version}:{digit * 64}".encode() for version, digit in ("10", "21", "22"))
    assert unproven_in(plain + b", " + keyed, keyed + b"; " + plain) is None
    assert unproven_in(keyed + b" " + plain, keyed) is None
    found = unproven_in(keyed + b" " + other, other + b" " + plain)
    assert found is not None
    assert found.name == WITHOUT


# ---------------------------------------------------------------- the page


def test_the_page_has_the_example_of_the_other_one_under_its_key() -> None:
    page, other = ((DOCS / name).read_text(encoding="utf-8") for name in ("link-key.md", "link.md"))
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    values = json.loads(re.findall(r"^```json\n(.*?)^```$", other, re.DOTALL | re.MULTILINE)[0])
    sides = (
        {name: value for name, value in values[side].items() if name != "stage"}
        for side in ("diagnosis", "assessment")
    )
    first, second = (rstage.Staging.parse(**fields) for fields in sides)
    secret = b"0123456789abcdef0123456789abcdef"
    made = rstage.restage(first, second, event=values["event"], key=rstage.LinkKey(secret))
    assert [body.split() for kind, body in blocks if kind == "text"] == [[str(made.link)]]
    code = next(body for kind, body in blocks if "hmac.new" in body)
    found: dict[str, Any] = {"values": values["diagnosis"], "secret": secret}
    exec(code, found)  # noqa: S102  the page's own example
    assert found["digest"] == made.link.diagnosis


@pytest.mark.parametrize(("length", "found"), [(0, "fewer"), (31, "fewer"), (1025, "more")])
def test_a_key_of_another_length_is_told_how(length: int, found: str, tmp_path: Path) -> None:
    with pytest.raises(LinkKeyError) as made:
        rstage.LinkKey(b"x" * length)
    assert made.value.diagnostic == rules.LINK_KEY_UNUSABLE.at(file="the key", found=found)
    file = tmp_path / "key"
    file.write_bytes(b"x" * length)
    with pytest.raises(LinkKeyError) as loaded:
        rstage.LinkKey.load(file)
    assert loaded.value.diagnostic == rules.LINK_KEY_UNUSABLE.at(file=str(file), found=found)


@pytest.mark.parametrize("length", [32, 1024])
def test_a_key_may_be_as_short_or_as_long(length: int) -> None:
    assert rstage.LinkKey(b"x" * length) == rstage.LinkKey(b"x" * length)
