"""What stands between the page and rstage: choices become words of a command line, and come from a look."""

from __future__ import annotations

import ast
import importlib.util
import json
import sys
import tomllib
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest

import rstage
from tests.support.paths import EXAMPLES, ROOT

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

FOLDER = ROOT / "page"
if not FOLDER.exists():
    pytest.skip("the sources of the page are not here", allow_module_level=True)


def module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


side = module(FOLDER / "source" / "page_side.py")
archives = module(FOLDER / "compile_archives.py")


def asked(command: str, roles: list[dict[str, str]], **more: object) -> list[str]:
    given = {"command": command, "file": "t.csv", "output": "out.csv", "settings": [], "roles": roles}
    words: list[str] = side.words_of({**given, "is_restaging": command == "restage", **more})
    return words


def role(column: str, role: str, name: str = "") -> dict[str, str]:
    return {"column": column, "role": role, "name": name}


def test_it_calls_the_public_library_and_the_command_line_only() -> None:
    tree = ast.parse((FOLDER / "source" / "page_side.py").read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name for name in imported if name and name.startswith("rstage")} == {"rstage.cli"}
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "rstage"
    }
    assert len(used) > 5
    assert used <= {*rstage.__all__}


def test_a_reading_is_that_of_the_library() -> None:
    said = json.loads(side.read(json.dumps({"text": "pT2 NO", "options": {"mode": "", "field": None}})))
    assert said["stages"] == []
    assert said["proposals"] == list(rstage.proposals_of("pT2 NO"))
    assert [one["drawn"] for one in said["findings"]] == [["pT2 ", "NO", ""]]
    said = json.loads(side.read(json.dumps({"text": "rcT2", "options": {}})))
    assert said["stages"][0]["restaged"] == said["stages"][0]["text"] == "rcT2"
    assert said["stages"][0]["words"] == [["T", "rcT2", "tumor; restaged (r); clinical (c); value 2"]]
    said = json.loads(side.read(json.dumps({"text": "T2", "options": {"mode": "lenient"}})))
    assert said == {"refused": "mode is one of strict, standard, repair"}


def test_characters_beyond_the_first_plane_do_not_move_the_mark() -> None:
    said = json.loads(side.read(json.dumps({"text": "\U0001f600 NO", "options": {}})))
    assert all("".join(one["drawn"]) == "\U0001f600 NO" for one in said["findings"])


def test_a_stage_without_an_r_form_says_why() -> None:
    said = json.loads(side.read(json.dumps({"text": "II", "options": {"system": "Ann Arbor"}})))
    assert said["stages"][0]["restaged"] == ""
    assert said["stages"][0]["why_not"]


def test_roles_become_options() -> None:
    roles = [role("a", "diagnosis"), role("b=c", "assessment:T"), role("d", "tumor-id")]
    words = asked("restage", roles, settings=[["mode", "repair"], ["date-format", "%Y"], ["edition", ""]])
    assert words == [
        *("restage", "t.csv", "-o", "out.csv", "--diagnosis=a", "--assessment=T=b=c", "--tumor-id=d"),
        *("--mode=repair", "--date-format=%Y", "--isolated"),
    ]
    words = asked("check", roles, is_restaging=True, settings=[["date-format", "%Y"]])
    assert words[6:] == ["--column=a", "--column=assessment:T=b=c", "--isolated"]
    words = asked("normalize", [role("a", "stage"), role("b", "N", "dx")], file="-x.csv", shows_values=True)
    assert words == [
        *("normalize", "./-x.csv", "-o", "out.csv", "--column=a", "--column=dx:N=b", "--show-values"),
        "--isolated",
    ]
    words = asked("verify", roles, is_restaging=False, made="made.csv")
    assert words[:4] == ["verify", "made.csv", "--against", "t.csv"]
    assert not [word for word in words if word.startswith("--column")]


@pytest.mark.parametrize(
    ("table", "command", "roles"),
    [
        (
            "id,dx_t,dx_n,new_t,new_n\n1,cT2,N0,rT3,rN0\n2,pT1,N1,T4,N1\n",
            "restage",
            ["diagnosis:T", "diagnosis:N", "assessment:T", "assessment:N"],
        ),
        ("id,stage\n1,cT2 N0 M0\n2,pT1 N1 M0\n", "normalize", ["stage"]),
    ],
)
def test_what_a_look_proposes_is_chosen_and_is_the_same_command(
    table: str, command: str, roles: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text(table, encoding="utf-8")
    seen: dict[str, Any] = json.loads(side.look(json.dumps({"file": "t.csv"})))
    chosen = seen["chosen"]
    assert chosen["command"] == command
    found = [one["role"] for one in chosen[command]]
    assert [one for one in found if one in roles] == roles
    words = asked(command, chosen[command], settings=chosen["settings"], output=chosen["output"])
    proposed = seen["command"][1:]
    options = [f"{name}={value}" for name, value in zip(proposed[4::2], proposed[5::2], strict=True)]
    assert set(words[4:-1]) == set(options)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_bytes(b"\x00\x01\x02\x03" * 100)
    assert "RS0" in json.loads(side.look(json.dumps({"file": "t.csv"})))["error"]


def test_everything_can_be_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    side.try_everything(str(EXAMPLES / "recurrences.csv"), f"{tmp_path}/")
    made = {one.name for one in tmp_path.iterdir()}
    assert {"restage.csv", "restage.html", "normalize.csv", "normalize_findings.csv"} <= made


def test_no_module_is_left_out_that_rstage_imports() -> None:
    imported = set()
    for path in (ROOT / "src" / "rstage").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.partition(".")[0])
    assert len(imported) > 30
    assert not imported & archives.LEFT_OUT


def test_an_archive_is_compiled_and_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given, made = tmp_path / "given.zip", tmp_path / "made.zip"
    with ZipFile(given, "w") as archive:
        for name in ("rstage_like.py", "other_like.py", "pydoc.py", "a-1.dist-info/METADATA"):
            archive.writestr(name, "def three():\n    'docs'\n    return 3\n")
    archives.write_archive(str(made), [str(given)], {"rstage_like", "other_like"})
    with ZipFile(made) as archive:
        assert sorted(archive.namelist()) == ["other_like.pyc", "rstage_like.pyc"]
    monkeypatch.syspath_prepend(str(made))
    for name, docs in (("rstage_like", "docs"), ("other_like", None)):
        three = importlib.import_module(name).three
        assert (three(), three.__doc__) == (3, docs)
        del sys.modules[name]


def test_the_extra_has_the_version_of_rstage() -> None:
    carrier = module(FOLDER / "distribution" / "rstage_page" / "__init__.py")
    assert carrier.__version__ == rstage.__version__
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert extras["optional-dependencies"]["page"] == [f"rstage-page=={rstage.__version__}"]
