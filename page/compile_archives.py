"""Puts archives of Python together to one, compiled; it runs in pyodide, whose bytecode it makes."""

from __future__ import annotations

import marshal
from importlib.util import MAGIC_NUMBER
from typing import TYPE_CHECKING
from zipfile import ZIP_STORED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from types import CodeType

# What no command imports: other programs and machines, tests, other terminals, databases, sound, and what the
# standard library has in C too. A test holds this against the imports of rstage, lark and click.
LEFT_OUT = frozenset(
    {
        *("_aix_support", "_android_support", "_apple_support", "_ios_support", "_osx_support"),
        *("_ast_unparse", "_markupbase", "_pydecimal", "_pyio", "_pylong", "_pyrepl", "antigravity"),
        *("bdb", "cProfile", "cmd", "code", "colorsys", "compileall", "configparser", "ctypes"),
        *("doctest", "ensurepip", "filecmp", "fileinput", "fractions", "ftplib", "getopt"),
        *("html", "idlelib", "imaplib", "mailbox", "mimetypes", "modulefinder"),
        *("multiprocessing", "netrc", "nturl2path", "optparse", "pdb", "pickletools", "plistlib", "poplib"),
        *("profile", "pstats", "pty", "py_compile", "pyclbr", "pydoc", "pydoc_data", "rlcompleter"),
        *("runpy", "sched", "shelve", "smtplib", "socketserver", "sqlite3", "statistics", "symtable"),
        *("tabnanny", "this", "timeit", "trace", "tracemalloc", "tty", "turtle", "unittest", "venv", "wave"),
        *("webbrowser", "wsgiref", "xmlrpc", "zipapp"),
    }
)
# Who reads a traceback of the page reads the modules of rstage in it: the others need no lines.
_WITH_LINES = "rstage"
# No source is beside it that could be newer, so nothing is to be checked.
_UNCHECKED = (1).to_bytes(4, "little") + bytes(8)


def write_archive(target: str, archives: Iterable[str], compiled: Collection[str] = ()) -> None:
    """Write one archive of everything in `archives` that the page needs.

    It is not compressed, because it is compressed as a whole, and Python reads it faster.

    Args:
        target: the archive that is written.
        archives: what is put into it.
        compiled: the names of the modules that are compiled. Bytecode is twice as large as source, so the
            rest, which a command needs rarely, stays source.
    """
    files: dict[str, bytes] = {}
    for archive in archives:
        with ZipFile(archive) as given:
            for info in given.infolist():
                name = info.filename
                first = name.partition("/")[0].removesuffix(".py")
                if not (info.is_dir() or first in LEFT_OUT or first.endswith(".dist-info")):
                    files[name] = given.read(info)
    with ZipFile(target, "w", ZIP_STORED) as made:
        for name, data in sorted(files.items()):
            if _module(name) in compiled:
                made.writestr(ZipInfo(f"{name}c"), _bytecode(name, data))
            else:
                made.writestr(ZipInfo(name), data)  # without a time, so that it is the same tomorrow


def _module(name: str) -> str:
    """Return the name of the module in a file; empty where it holds none."""
    if not name.endswith(".py"):
        return ""
    return name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def _bytecode(name: str, source: bytes) -> bytes:
    is_ours = name.startswith(_WITH_LINES)
    code = compile(source, name, "exec", dont_inherit=True, optimize=0 if is_ours else 2)
    return MAGIC_NUMBER + _UNCHECKED + marshal.dumps(code if is_ours else _without_lines(code))


def _without_lines(code: CodeType) -> CodeType:
    inner = tuple(_without_lines(one) if isinstance(one, type(code)) else one for one in code.co_consts)
    return code.replace(co_consts=inner, co_linetable=b"")
