"""What the blocks of the documentation are given: the files and names that a reader brings along."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import rstage
from tests.support.command_line import run
from tests.support.paths import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

# The beginning of each block that no test runs, with the reason.
NOT_RUN = {
    "python3? -m venv": "it installs; .ci/run does what the README says",
    "stages/bin/": "it packs an environment that it has just made",
    "PYSPARK_PYTHON=|cp rstage-|spark-submit": "it needs a cluster; test_spark_job.py runs the job",
    "(python3 -m )?pip install": "it installs",
    "rstage page |python page/build": "it needs the extra page, or node; .ci/run does both",
    r"eval ": "a line of ~/.bashrc; tests/cli/test_terminal.py completes",
    "printf .* (java|Rscript) ": "tests/examples/test_by_line.py runs it where the language is installed",
    "echo .PYTHONPATH|systemctl|psql": "it needs PostgreSQL; test_postgres_stages.py starts one",
    "python examples/postgres": "test_postgres_stages.py runs it",
    "select record, dx_stage": "dbt fills its names in",
    r"\\copy": "it needs PostgreSQL; the command in it runs in the block behind it",
}

LETTER = "At diagnosis pT2 pN0 cM0 (AJCC 8).\n\nRecurrence in 2020: rpT3 rN1 cM0.\n"
CASES = (
    "id,dx,new,dx_date,new_date,t,n\n1,cT2 N0 M0,rT3 N1 M0,2019-03-02,2023-05,pT2,pN1\n2,pT1 N0,,2020,,pT1,\n"
)
SITES = "schema\ttopography\tedition\titem\tvalue\n" + "".join(
    f"lung\tC34\t\t{item}\t{value}\n" for item, value in (("T", "T2"), ("N", "N0"), ("N", "N1"), ("M", "M0"))
)


def _find(folder: Path, _plain: Sequence[str]) -> None:
    (folder / "letter.txt").write_text(LETTER, encoding="utf-8")
    report = json.dumps(LETTER)
    (folder / "reports.csv").write_text(f'case,report\n1,"{LETTER}"\n', encoding="utf-8")
    (folder / "reports.jsonl").write_text(f'{{"case":1,"text":{report}}}\n', encoding="utf-8")


def _messages(folder: Path, _plain: Sequence[str]) -> None:
    for name in ("message.xml", "diagnosis.xml", "course.xml"):
        shutil.copy(EXAMPLES / "obds_synthetic.xml", folder / name)
    first = (EXAMPLES / "fhir_synthetic.ndjson").read_text(encoding="utf-8").splitlines()[0]
    (folder / "bundle.json").write_text(first, encoding="utf-8")


def _report(folder: Path, _plain: Sequence[str]) -> None:
    (folder / "stages.csv").write_text(CASES, encoding="utf-8")
    (folder / "pairs.csv").write_text(CASES, encoding="utf-8")
    _messages(folder, ())


def _pipeline(folder: Path, plain: Sequence[str]) -> None:
    (reviewed,) = plain
    (folder / "reviewed.csv").write_text(reviewed, encoding="utf-8")


def _site_tables(folder: Path, _plain: Sequence[str]) -> None:
    (folder / "sites.tsv").write_text(SITES, encoding="utf-8")
    shutil.copy(EXAMPLES / "group_table_invented.tsv", folder / "groups.tsv")


TUMORS = (
    "oBDS_RKIPatientTumorId;Diagnosedatum;Diagnosedatum_Genauigkeit;TNM_Auflage_c;r_Symbol_c;c_p_u_Praefix_T_c;"
    "T_c;N_c;M_c;TNM_Auflage_p;c_p_u_Praefix_T_p;T_p;N_p;M_p;UICC_Stadium_p\n"
    "1;2019-03-15;T;8;;c;2;0;0;8;p;2a;1;0;IIB\n2;2018-01-15;M;8;;c;3;1;0;;;;;;\n3;2020-05-15;T;;;;;;;;;;;;\n"
)
FOLLOW_UPS = (
    "oBDS_RKIPatientTumorId;Datum_Folgeereignis;Datum_Folgeereignis_Genauigkeit;Version;r_Symbol;c_p_u_Praefix_T;"
    "T;N;M;Gesamtbeurteilung_Tumorstatus;Verlauf_Lokaler_Tumorstatus\n"
    "1;2022-06-15;T;8;r;c;3;0;0;P;N\n2;2021-09-15;T;8;;c;4;2;1;X;R\n3;2020-11-15;T;8;;c;0;0;0;V;K\n"
)


def _command_line(folder: Path, _plain: Sequence[str]) -> None:
    (folder / "tumors.csv").write_text(TUMORS, encoding="utf-8")
    (folder / "follow_ups.csv").write_text(FOLLOW_UPS, encoding="utf-8")


def _link_key(folder: Path, _plain: Sequence[str]) -> None:
    (folder / "register.csv").write_text(CASES, encoding="utf-8")
    (folder / "link.key").write_bytes(bytes(range(32)))


_FILES: dict[str, Callable[[Path, Sequence[str]], None]] = {
    "command-line": _command_line,
    "find": _find,
    "messages": _messages,
    "report": _report,
    "pipeline": _pipeline,
    "site-tables": _site_tables,
    "link-key": _link_key,
}


def prepare(page: str, folder: Path, plain: Sequence[str]) -> None:
    """Write the files that a page takes for given; `plain` are its blocks without a language."""
    if page in _FILES:
        _FILES[page](folder, plain)


def _columns(folder: Path) -> dict[str, Any]:
    import duckdb
    import polars as pl

    table = pl.DataFrame(
        {
            "stage": ["pT2 pN1 cM0", "rT3 N1 M0", None],
            "diagnosis": ["pT2 N0 M0"] * 3,
            "assessment": ["T3 N0 M0", "T5", None],
            "tumor": ["1", "2", "3"],
            "diagnosed": ["2019", "2020-01", None],
            "assessed": ["2021", "2022", None],
            "site": ["C18.7", "C34.1", None],
        }
    )
    table.write_parquet(folder / "records.parquet")
    with duckdb.connect("registry.duckdb") as connection:
        connection.execute("CREATE TABLE records AS FROM 'records.parquet'")
    return {"table": table}


def _histories(_folder: Path) -> dict[str, Any]:
    run("history", "diagnosis.xml", "-o", "histories.jsonl")
    return {}


def _staged(_folder: Path) -> dict[str, Any]:
    dates = iter(("2019-03", "2023-05"))
    texts = {"diagnosis": "cT2 cN0 cM0", "assessment": "rT3 rN1 rM0"}
    staged = {name: rstage.Staging.parse(text, date=next(dates)) for name, text in texts.items()}
    return staged | {"values": {"t": "T2"}, "secret": bytes(range(32))}


def _frame(_folder: Path) -> dict[str, Any]:
    import pandas as pd

    stages = {"dx_stage": "cT2 cN0 cM0", "new_stage": "rT3 rN1 rM0", "ajcc_t": "c1A", "clean": "pT2 pN0"}
    return {"table": pd.DataFrame({name: pd.Series([text], dtype=object) for name, text in stages.items()})}


WARNING_PAGES = {"data-checks"}
"""Pages with libraries that warn of each other when they are imported."""

NAMES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "columns": _columns,
    "messages": _histories,
    "data-checks": _frame,
    "link-key": _staged,
    "link": lambda _folder: {"values": {"t": "T2"}},
}
"""The names that the blocks of a page take for given."""
