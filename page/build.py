"""Builds the page that needs no install: python page/build.py --output FOLDER.

FOLDER gets `site/` for any static server, `rstage.html`, which is the same in one file, and the wheel of
rstage-page, which carries that file for `rstage page`. It takes npm and node, pip, and what they download.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import html
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zipfile import ZipFile

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).parent
ROOT = HERE.parent
SOURCE = HERE / "source"
MODULES = ("elements", "assets", "python", "reading", "roles", "table", "main")
"""The scripts of the page, each behind those that it imports."""

LARGEST = 10_000_000
"""Bytes that the one file may have."""

_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const |class |function |async )", re.MULTILINE)
_LOADER_EXPORT = re.compile(r"export\{(\w+) as loadPyodide,\w+ as version\};")
_NOWHERE = '"https://embedded.invalid/pyodide.asm.mjs"'
_LICENSES = """rstage {version}: Apache-2.0
Pyodide {pyodide}, its source on npm and at https://github.com/pyodide/pyodide: Mozilla Public License 2.0
CPython, its source at https://github.com/python/cpython: Python Software Foundation License,
copyright Python Software Foundation; all rights reserved"""


class Parts(NamedTuple):
    """What the page is made of.

    Attributes:
        style, script: of the page itself. report_style: of a report, which is shown in the page.
        assets: what is compressed: the Worker, the WebAssembly, Python, and what pyodide wants to know of it.
        licenses: what is told of all that.
    """

    style: str
    script: str
    report_style: str
    assets: Mapping[str, bytes]
    licenses: str


def main() -> None:
    """Build everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--output", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--wheel", type=Path, help="the wheel of rstage; by default it is built")
    asked = parser.parse_args()
    asked.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        parts = gather(work, asked.wheel)
        one_file = asked.output / "rstage.html"
        one_file.write_text(in_one_file(parts), encoding="utf-8")
        write_site(parts, asked.output / "site")
        size = one_file.stat().st_size
        if size > LARGEST:
            raise SystemExit(f"{one_file} has {size:,} bytes, more than {LARGEST:,}")
        wheel = write_wheel(one_file, work, asked.output)
    print(f"{one_file}: {size:,} bytes\n{asked.output / 'site'}\n{wheel}")


def gather(work: Path, wheel: Path | None) -> Parts:
    """Return what the page is made of; what is downloaded is in the folder `work` only."""
    pyodide = fetched_pyodide(work)
    wheels = fetched_wheels(work, wheel)
    side = work / "page_side.zip"
    with ZipFile(side, "w") as made:
        made.write(SOURCE / "page_side.py", "page_side.py")
    python = work / "python.zip"
    archives = [pyodide / "python_stdlib.zip", *wheels, side]
    table = ROOT / "examples" / "recurrences.csv"
    _run("node", HERE / "compile.mjs", pyodide, python, table, *archives)
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    with ZipFile(wheels[0]) as made:
        report_style = made.read("rstage/data/report.css").decode()
    return Parts(
        style=(SOURCE / "page.css").read_text(encoding="utf-8"),
        script=page_script(),
        report_style=report_style,
        assets={
            "worker": worker_script(pyodide).encode(),
            "wasm": (pyodide / "pyodide.asm.wasm").read_bytes(),
            "python": python.read_bytes(),
            "lock": json.dumps({"info": lock["info"], "packages": {}}).encode(),
        },
        licenses=licenses(wheels),
    )


def fetched_pyodide(work: Path) -> Path:
    """Return the folder of the npm package pyodide, whose bytes are those that `pyodide.toml` names."""
    pinned = tomllib.loads((HERE / "pyodide.toml").read_text(encoding="utf-8"))
    _run("npm", "pack", "--silent", f"pyodide@{pinned['version']}", "--pack-destination", work)
    archive = work / f"pyodide-{pinned['version']}.tgz"
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != pinned["integrity"]:
        raise SystemExit(f"{archive.name} is not the one whose hash stands in pyodide.toml")
    with tarfile.open(archive) as packed:
        packed.extractall(work, filter="data")
    return work / "package"


def fetched_wheels(work: Path, wheel: Path | None) -> list[Path]:
    """Return the wheel of rstage, which is built where none is given, and those that it needs."""
    own, others = work / "own", work / "others"
    if wheel is None:
        _run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", own, ROOT)
        (wheel,) = own.glob("rstage-*.whl")
    options = ("-q", "--no-deps", "--require-hashes", "--only-binary", ":all:")
    _run(sys.executable, "-m", "pip", "download", *options, "-r", HERE / "requirements.txt", "-d", others)
    return [wheel, *sorted(others.glob("*.whl"))]


def page_script() -> str:
    """Return the scripts of the page as one, because a file that is opened by itself cannot import others."""
    texts = [(SOURCE / f"{name}.js").read_text(encoding="utf-8") for name in MODULES]
    return '"use strict";\n' + "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in texts)


def worker_script(pyodide: Path) -> str:
    """Return the script of the Worker: the two of pyodide without their exports, then our own.

    A Worker that is no module is the one kind that starts in a file that is opened by itself; pyodide refuses
    it where there is an `importScripts`.
    """
    module = (pyodide / "pyodide.asm.mjs").read_text(encoding="utf-8")
    body, found, rest = module.rpartition("export default _createPyodideModule;")
    if not found or rest.strip() or "import.meta.url" not in body:
        raise SystemExit("pyodide.asm.mjs is built otherwise than this build knows")
    loader = (pyodide / "pyodide.mjs").read_text(encoding="utf-8")
    exported = _LOADER_EXPORT.search(loader)
    if exported is None:
        raise SystemExit("pyodide.mjs is built otherwise than this build knows")
    loader = loader[: exported.start()]
    return "\n".join(
        (
            '"use strict";',
            "self.importScripts = undefined;",
            f"const createPyodideModule = (() => {{{body.replace('import.meta.url', _NOWHERE)}",
            "return _createPyodideModule; })();",
            f"const loadPyodide = (() => {{{loader}",
            f"return {exported[1]}; }})();",
            (SOURCE / "worker.js").read_text(encoding="utf-8"),
        )
    )


def licenses(wheels: list[Path]) -> str:
    """Return under which licenses the parts of the page stand, and the texts that ask to be told."""
    pyodide = tomllib.loads((HERE / "pyodide.toml").read_text(encoding="utf-8"))["version"]
    said = [_LICENSES.format(version=wheels[0].name.split("-")[1], pyodide=pyodide)]
    for wheel in wheels[1:]:
        name, version, *_ = wheel.name.split("-")
        with ZipFile(wheel) as made:
            texts = [one for one in made.namelist() if "/licenses/" in one or one.endswith("/LICENSE")]
            said += [f"{name} {version}:\n{made.read(one).decode().strip()}" for one in texts]
    return "\n\n".join(said)


def in_one_file(parts: Parts) -> str:
    """Return the page as one file: it can ask for nothing at all."""
    policy = {
        "default-src": "'none'",
        "script-src": f"{_digest(parts.script)} 'wasm-unsafe-eval'",
        "worker-src": "blob:",
        "style-src": f"{_digest(parts.style)} {_digest(parts.report_style)}",
        "connect-src": "'none'",
    }
    data = "\n".join(
        f'<script type="text/plain" id="asset-{name}">{base64.b64encode(_packed(asset)).decode()}</script>'
        for name, asset in parts.assets.items()
    )
    # The data first: a script runs as soon as it is read.
    script = f"{data}\n<script>{parts.script}</script>"
    return _page(parts, policy, f"<style>{parts.style}</style>", script)


def write_site(parts: Parts, folder: Path) -> None:
    """Write the page for a server: it asks for its own files only."""
    policy = {
        "default-src": "'none'",
        "script-src": "'self' 'wasm-unsafe-eval'",
        "worker-src": "blob:",
        "style-src": f"'self' {_digest(parts.report_style)}",
        "connect-src": "'self'",
    }
    folder.mkdir(exist_ok=True)
    style = '<link rel="stylesheet" href="page.css">'
    made = _page(parts, policy, style, '<script src="page.js"></script>')
    (folder / "index.html").write_text(made, encoding="utf-8")
    (folder / "page.css").write_text(parts.style, encoding="utf-8")
    (folder / "page.js").write_text(parts.script, encoding="utf-8")
    for name, asset in parts.assets.items():
        (folder / f"{name}.bin").write_bytes(_packed(asset))


def write_wheel(one_file: Path, work: Path, output: Path) -> Path:
    """Write the wheel that carries the one file; it has the version of rstage."""
    folder = work / "distribution"
    shutil.copytree(HERE / "distribution", folder)
    shutil.copyfile(one_file, folder / "rstage_page" / "rstage.html")
    _run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", output, folder)
    return next(output.glob("rstage_page-*.whl"))


def _page(parts: Parts, policy: Mapping[str, str], style: str, script: str) -> str:
    common = {"img-src": "data:", "base-uri": "'none'", "form-action": "'none'"}
    filled = {
        "policy": "; ".join(f"{name} {said}" for name, said in {**policy, **common}.items()),
        "style": style,
        "licenses": html.escape(parts.licenses),
        "script": script,
    }
    text = (SOURCE / "page.html").read_text(encoding="utf-8")
    return re.sub(r"@(policy|style|licenses|script)@", lambda found: filled[found[1]], text)


def _digest(text: str) -> str:
    """Return what the policy allows: this style or script, and no other one."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _packed(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def _run(*words: object) -> None:
    subprocess.run(list(map(str, words)), check=True)


if __name__ == "__main__":
    main()
