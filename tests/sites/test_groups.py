"""A group table of the user: what it derives from T, N and M, and what it says against a stage."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage.model.group_table import GroupTable, compared_stages, derived_group, group_findings
from rstage.sites.groups import GroupTableError, load_group_table
from tests.support.command_line import run, table
from tests.support.paths import EXAMPLES
from tests.support.staging_algorithms import algorithm, written, zipped

if TYPE_CHECKING:
    from pathlib import Path

INVENTED = EXAMPLES / "group_table_invented.tsv"
METHODS = (
    "T\tN\tM\tgroup\tmethod",
    "T1,T2\tN0\tM0\tI\tc",
    "T1,T2\tN0\tM0\tII\tp",
    "T3\tN0\tM0\tIII\t",
    "T1 T2\tN0\tM0\tIA\typ",
    "T4\tany N\tM0\tIV\t",
    "T4\tN1\tM0\tIVA\tp",
    "Tis\tN0\tM0\t0\t",
    "T1mi\tN0\tM0\tIA1\t",
)


def written_table(folder: Path, *lines: str) -> GroupTable:
    return load_group_table(table(folder, *lines, name="groups.tsv"))


def derived(groups: GroupTable, text: str, site: str = "") -> str | None:
    found = derived_group(rstage.parse(text), groups.for_site(site))
    return None if found is None else str(found)


def codes(groups: GroupTable, text: str, site: str = "") -> list[str]:
    return [one.code for one in group_findings(rstage.parse(text), groups.for_site(site), (0, len(text)))]


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("cT1 cN0 cM0", "Stage I"),
        ("pT1 pN0 cM0", "Stage II"),
        ("T1 N0 M0", None),  # c and p differ, and the text says neither
        ("pT2a pN0 cM0", "Stage II"),  # no line divides T2
        ("cT1a cN0 cM0", None),  # T1mi has a line of its own, so that T1a may be meant otherwise
        ("cT1mi cN0 cM0", "Stage IA1"),
        ("T3(m) N0(i+) M0", "Stage III"),  # suffixes do not count
        ("ypT1 ypN0 cM0", "Stage IA"),
        ("ypT3 ypN0 cM0", None),
        ("pT4 pN0 cM0", "Stage IV"),
        ("pT4 pN1 cM0", None),  # two lines that say different things
        ("cT4 cM0", "Stage IV"),  # any N, a missing one too
        ("cTis cN0 cM0", "Stage 0"),
        ("T5-", None),
        ("rcT1 rcN0 rcM0", None),  # groups are not assigned at recurrence
        ("aT1 aN0 aM0", None),
        ("cT1-2 cN0 cM0", None),
        ("cT1 cN0", None),
        ("Stage IIA", None),
    ],
)
def test_what_a_table_derives(tmp_path: Path, text: str, group: str | None) -> None:
    groups = written_table(tmp_path, *METHODS)
    if text == "T5-":
        assert derived_group(rstage.parse("TX NX MX"), groups.for_site("")) is None
        return
    assert derived(groups, text) == group


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cT1 cN0 cM0 Stage I", []),
        ("cT1 cN0 cM0 Stage II", ["RS350"]),
        ("T1 N0 M0 Stage II", []),  # it can be
        ("T1 N0 M0 Stage IV", ["RS350"]),
        ("pT4 pN0 cM0 Stage IVA", []),  # IV says less, and nothing else
        ("pT4 pN1 cM0 Stage IV", []),
        ("T3 N0 M0 Stage II-III", []),
        ("T3 N0 M0 FIGO IA", []),  # another system
        ("T3 N0 M0 pStage IA (prognostic)", []),  # follows from more
        ("T3 N0 M0 Stage I", ["RS350"]),  # I is no shorter III
        ("rT3 rN0 rM0 Stage I", []),
        ("T3 N0 M0 rStage I", []),
        ("T3 N2 M0", ["RS351"]),
        ("T3 N2", []),
        ("T3 Stage I", ["RS351"]),
        ("Stage I", []),
    ],
)
def test_what_a_table_says_against_a_stage(tmp_path: Path, text: str, found: list[str]) -> None:
    assert codes(written_table(tmp_path, *METHODS), text) == found


def test_a_table_of_sites_and_editions() -> None:
    groups = load_group_table(INVENTED)
    assert groups.needs_site
    assert derived(groups, "T2 N0 M0", "C76.0") == derived(groups, "T2 N0 M0", "hat") == "Stage IIA"
    assert derived(groups, "T2 N0 M0", "C76.1") == "Stage II"
    assert derived(groups, "T2 N0 M0", "C76") is None  # two sites that differ
    assert derived(groups, "T4 N1 M1", "C76") == "Stage IV"
    assert derived(groups, "T1 N0 M0", "coat") is None
    assert derived(groups, "T3 N0 M0", "coat") is None
    assert derived(groups, "T3 N0 M0 (AJCC 8)", "coat") == "Stage IIIB"
    assert derived(groups, "T3 N0 M0 (UICC 7)", "coat") == "Stage IIIA"
    assert codes(groups, "T2 N0 M0", "C50") == ["RS352"]


@pytest.mark.parametrize(
    ("lines", "code", "why"),
    [
        ((), "RS041", "T, N, M, group"),
        (("T\tN\tM\tgroup",), "RS041", "no line with a group"),
        (("T\tN\tM", "T1\tN0\tM0"), "RS041", "no column group"),
        (("T\tN\tM\tgroup", "T1\tN0\tM0\t"), "RS042", "line 2"),
        (("T\tN\tM\tgroup", "T1\tN0\tM0\tI-II"), "RS042", "no stage group"),
        (("T\tN\tM\tgroup", "T1\t\tM0\tI"), "RS042", "a blank cell is no value of N"),
        (("T\tN\tM\tgroup", "T1-T2\tN0\tM0\tI"), "RS042", "no value of T"),
        (("T\tN\tM\tgroup", "Miller\tN0\tM0\tI"), "RS042", "(hidden, 6 characters)"),
        (("T\tN\tM\tgroup", "T1\tN0\tM0\tI\tx"), "RS042", "more cells"),
        (("T\tN\tM\tgroup\tmethod", "T1\tN0\tM0\tI\tr"), "RS042", "a method is"),
        (("T\tN\tM\tgroup\ttopography", "T1\tN0\tM0\tI\tX99"), "RS042", "line 2"),
        (("T\tN\tM\tgroup\tschema", "T1\tN0\tM0\tI\ta", "T1\tN0\tM0\tI\t"), "RS041", "have none"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(
    tmp_path: Path, lines: tuple[str, ...], code: str, why: str
) -> None:
    with pytest.raises(GroupTableError) as error:
        written_table(tmp_path, *(lines or ("x\ty", "1\t2")))
    assert error.value.diagnostic.code == code
    assert why in str(error.value)


def with_groups() -> dict[str, Any]:
    """Return the invented algorithm, whose first schema derives groups."""
    files = algorithm()

    def part(key: str, kind: str) -> dict[str, str]:
        return {"key": key, "type": kind}

    def use(method: str, name: str) -> dict[str, Any]:
        mapped = [{"from": f"tmp_{method}_{letter}", "to": letter} for letter in "tnm"]
        out = [{"from": "stage", "to": f"{method}_stage_group"}]
        return {"id": name, "input_mapping": mapped, "output_mapping": out}

    inputs = [part(letter, "INPUT") for letter in "tnm"]
    rows = [
        ["1,1A", "0", "0,0I+", "VALUE:1A"],
        ["2", "0", "0", "VALUE:99"],
        ["3", "*", "1", "VALUE:4B"],
        ["IS", "0", "0", "ERROR:not valid"],
        ["88", "88", "88", "VALUE:88"],
        ["4", "0", "0", "JUMP:elsewhere"],
    ]
    graded = [["1", "0", "0", "1", "VALUE:1"], ["2", "0", "0", "*", "VALUE:2"]]
    files["tables/plain.json"] = {"definition": [*inputs, part("stage", "ENDPOINT")], "rows": rows}
    definition = [*inputs, part("grade", "INPUT"), part("stage", "ENDPOINT")]
    files["tables/graded.json"] = {"definition": definition, "rows": graded}
    both = [part("clin_t", "INPUT"), part("path_t", "INPUT"), part("clin_stage_group", "ENDPOINT")]
    files["tables/both.json"] = {"definition": both, "rows": [["1", "1", "VALUE:1"]]}
    mapping = {"tables": [use("clin", "plain"), use("path", "graded"), {"id": "both"}]}
    files["schemas/one.json"]["mappings"] = [mapping]
    return files


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_an_algorithm_is_a_group_table(tmp_path: Path, kind: str) -> None:
    files = with_groups()
    path = written(files, tmp_path / "tnm") if kind == "folder" else zipped(files, tmp_path / "tnm.zip")
    groups = load_group_table(path)
    assert [(schema.name, len(schema.lines)) for schema in groups.schemas] == [("one", 6)]
    expected = {
        "cT1a cN0 cM0": "Stage IA",
        "cT2 cN0 cM0": None,  # the algorithm says unknown
        "cT4 cN0 cM0": None,
        "cT3 cN2 cM1": "Stage IVB",
        "cTis cN0 cM0": None,
        "pT1 pN0 cM0": None,  # needs a grade
        "pT2 pN0 cM0": "Stage II",
    }
    assert {text: derived(groups, text, "C50.1") for text in expected} == expected
    assert codes(groups, "cT1 cN0 cM0 Stage III (UICC 7)", "one") == ["RS350"]
    assert codes(groups, "cT1 cN0 cM0 Stage III (UICC 8)", "one") == ["RS351"]
    assert codes(groups, "cT2 cN0 cM0 Stage III", "one") == []
    with pytest.raises(GroupTableError, match="RS041"):
        load_group_table(written(algorithm(), tmp_path / "none"))


def test_the_command_line_compares_and_derives(tmp_path: Path) -> None:
    lines = (
        "site,T,N,M,g,dx",
        "C760,T2,N0,M0,IIA,T2 N0 M0 IIA",
        "C761,T2,N0,M0,III,T2 N0 M0 III",
        ",T2,N0,M0,I,",
    )
    source = table(tmp_path, *lines)
    columns = [
        f"--column=x:{part}={name}" for part, name in (("T", "T"), ("N", "N"), ("M", "M"), ("group", "g"))
    ]
    options = (*columns, "--column", "dx", "--group-table", INVENTED, "--site", "site")
    done = run("check", source, *options, "--fail-on", "warning")
    assert (done.code, done.out.count("RS350")) == (1, 2)
    assert (
        f"{source}:3:g: RS350 warning: the group table has Stage II for these categories, not Stage III"
        in done.out
    )
    for engine in ("stdlib", "polars"):
        made = run("normalize", source, *options, "--append-group", "--parts", "--engine", engine)
        rows = list(csv.DictReader(io.StringIO(made.out)))
        assert [row["x_group_derived"] for row in rows] == ["Stage IIA", "Stage II", ""]
        assert [row["dx_group_derived"] for row in rows] == ["Stage IIA", "Stage II", ""]
        assert [row["x_group"] for row in rows] == ["Stage IIA", "Stage III", "Stage I"]
        assert [row["x_findings"] for row in rows] == ["", "RS350", ""]
        if engine == "stdlib":
            pytest.importorskip("polars", reason="the extra polars is not installed")
    texts = ("--text", "T2 N0 M0 III", "--group-table", INVENTED)
    assert "RS350" in run("check", *texts, "--site", "=hat").out
    assert "RS350" in run("normalize", *texts, "--site", "=C76.0").err
    assert run("check", *texts).code == 2
    assert run("normalize", source, "--column", "dx", "--append-group").code == 2
    assert run("check", source, "--column", "dx", "--group-table", "missing.tsv").code == 3


@pytest.mark.parametrize(
    ("text", "main", "numeral"),
    [
        ("pT2a N0 M0 Stage IIB", "T2", "II"),
        ("Tis N0 M0 Stage 0is", "Tis", "0"),
        ("cT1-2 N0 M0 Stage II-III", "", ""),
        ("cT4c-d N0 M0 Stage IIIA-IIIC", "T4", "III"),
        ("rpT2b N0 M0 rStage IVA", "rT2", "rIV"),
        ("ypT1 N0 M0 FIGO IIIC1r", "yT1", "III"),
        ("N0 Stage occult", "", ""),
        ("T5", "", ""),
    ],
)
def test_parts_have_roll_ups(tmp_path: Path, text: str, main: str, numeral: str) -> None:
    source = table(tmp_path, "dx", text)
    (row,) = csv.DictReader(io.StringIO(run("normalize", source, "--column", "dx", "--parts").out))
    assert (row["dx_T_main"], row["dx_group_main"]) == (main, numeral)


def test_the_library_compares_and_derives() -> None:
    groups = rstage.load_group_table(INVENTED)
    site = next(schema.name for schema in groups.schemas)
    line = next(one for one in groups.schemas[0].lines if one.group is not None and None not in one.values)
    letters = zip("TNM", line.values, strict=True)
    text = " ".join(letter + min(values or ()) for letter, values in letters)
    method = "" if line.method is None else str(line.method)
    stage = rstage.parse(method + text)
    given = groups.group_of(stage, site)
    assert given == line.group
    assert groups.check(stage, site) == ()
    contrary = "IV" if str(given) != "Stage IV" else "I"
    (found,) = groups.check(rstage.parse(f"{method}{text} Stage {contrary}"), site)
    assert (found.code, found.part, found.suggestions) == ("RS350", "group", (str(given),))
    if groups.needs_site:
        assert groups.group_of(stage) is None
        assert groups.check(stage) == ()


def test_what_a_table_says_stands_at_the_group(tmp_path: Path) -> None:
    groups = written_table(tmp_path, *METHODS)
    stage = rstage.parse("cT1 cN0 cM0 Stage III")
    (found,) = groups.check(stage)
    assert (found.code, found.span, found.part, found.suggestions) == ("RS350", (0, 0), "group", ("Stage I",))
    (placed,) = compared_stages([stage], groups, None, (12, 21), "x")
    assert (placed.message, placed.span, placed.part) == (found.message, (12, 21), "x")
    # Of several stagings nobody can say which one the table is held against.
    assert compared_stages([stage, stage], groups, None, (0, 0)) == []
    assert compared_stages([], groups, None, (0, 0)) == []
