"""An invented staging algorithm in the layout of the public ones, as a folder or a zip."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def algorithm() -> dict[str, Any]:
    """Return the files of an invented algorithm, by path."""

    def codes(key: str, *values: str) -> dict[str, Any]:
        definition = [{"key": key, "type": "INPUT"}, {"key": "description", "type": "DESCRIPTION"}]
        return {"definition": definition, "rows": [[value, "words"] for value in values]}

    def selection(*sites: str) -> dict[str, Any]:
        keys = [("site", "INPUT"), ("hist", "INPUT"), ("result", "ENDPOINT")]
        definition = [{"key": key, "type": kind} for key, kind in keys]
        return {"definition": definition, "rows": [[site, "8000-8700", "MATCH"] for site in sites]}

    def schema(table: str, **inputs: str) -> dict[str, Any]:
        listed = [{"key": key, "table": name} for key, name in inputs.items()]
        unused = [{"key": "hist", "table": "not_there"}, {"key": "ssf1"}]
        return {"algorithm": "tnm", "schema_selection_table": table, "inputs": [*unused, *listed]}

    return {
        "schemas/one.json": schema(
            "sites_one", clin_t="t_one", path_m="m_one", clin_stage_group_direct="group_one"
        ),
        "schemas/two.json": schema("sites_two", path_t="t_two"),
        "tables/sites_one.json": selection("C500-C506,C508-C509", "C619"),
        "tables/sites_two.json": selection("*"),
        "tables/t_one.json": codes("clin_t", "c1A", "pIS", "cX", "c2,c2B", "88", "", "zzz", "c9"),
        "tables/t_two.json": codes("other_key", "p3", "pISU"),
        "tables/m_one.json": codes("path_m", "c0", "p1", "c0I+"),
        "tables/group_one.json": codes("clin_stage_group_direct", "3C1", "1S", "99", "88"),
    }


def written(files: dict[str, Any], folder: Path) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return folder


def zipped(files: dict[str, Any], path: Path, inner: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(inner + name, data if isinstance(data, str) else json.dumps(data))
    return path
