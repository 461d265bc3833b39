"""The recipe "Add an option" of CONTRIBUTING.md, done with one that nobody needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.scratch import needs_checkout

if TYPE_CHECKING:
    from tests.support.scratch import Scratch

PARSE = "src/rstage/cli/parse.py"
FIELD = '    brief: bool = flag_option("--brief", "Print the stages alone.")\n'


@needs_checkout
@pytest.mark.slow
def test_an_option_of_one_command_is_a_field_of_its_group(scratch: Scratch) -> None:
    scratch.replace(PARSE, "import choice_option, group", "import choice_option, flag_option, group")
    scratch.replace(PARSE, "    reading: ReadingOptions", FIELD + "    reading: ReadingOptions")
    scratch.replace(PARSE, "yield from _table(stage)", "yield from () if is_brief else _table(stage)")
    for name, given in (
        ("_described", "reading: Reading"),
        ("_print_readings", "readings: Iterable[Reading], *"),
    ):
        keyword = "is_brief: bool" if given.endswith("*") else "*, is_brief: bool"
        scratch.replace(PARSE, f"def {name}({given}", f"def {name}({given}, {keyword}")
    scratch.replace(PARSE, "_described(one)", "_described(one, is_brief=is_brief)")
    scratch.replace(PARSE, "is_typed=given != STDIN", "is_brief=options.brief, is_typed=given != STDIN")
    assert scratch.rstage("parse", "rT2", "--brief") == "rT2\n"
    assert "Print the stages alone." in scratch.rstage("parse", "--help")
    scratch.write("rstage.toml", "[parse]\nbrief = true\n")
    assert scratch.rstage("parse", "rT2") == "rT2\n"
    assert "brief = true" in scratch.rstage("parse", "--show-settings")
    scratch.test("tests/cli/test_option_groups.py", "tests/cli/test_configuration.py", "-k", "parse")


@needs_checkout
@pytest.mark.slow
def test_an_option_of_every_table_stands_once(scratch: Scratch) -> None:
    path = "src/rstage/cli/table_options.py"
    field = '    author: str | None = text_option("--author", "NAME", "Who is named in the summary.")\n'
    scratch.replace(path, "    quiet: bool", f"{field}    quiet: bool")
    ending = "src/rstage/cli/ending.py"
    line = "summary(command, printable(facts), counts))"
    scratch.replace(ending, line, 'f"{settings.table.author}: {facts}")')
    scratch.write("in.csv", "dx\nT2\n")
    for command in ("check", "normalize", "restage", "history", "verify", "find"):
        assert "Who is named in the summary." in scratch.rstage(command, "--help")
    assert scratch.rstage("check", "in.csv", "--column", "dx", "--author", "AB") == ""
    scratch.test("tests/cli/test_option_groups.py")
