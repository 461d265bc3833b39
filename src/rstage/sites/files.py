"""The bytes of a site table: a file, a folder or a zip, each with a limit to its size."""

from __future__ import annotations

import zipfile
import zlib
from typing import TYPE_CHECKING

from rstage import rules

if TYPE_CHECKING:
    from pathlib import Path

    from rstage.diagnostics import Diagnostic, Rule

LARGEST_TABLE = 64 * 2**20
"""Bytes of a table with lines."""
LARGEST_FILE = 16 * 2**20
"""Bytes of one file of an algorithm, when it is unpacked."""
LARGEST_TOTAL = 512 * 2**20
"""Bytes of all files of an algorithm that are read."""
MOST_FILES = 50_000
"""Files of an algorithm; the largest public ones have less than 10,000."""

FOLDERS = ("schemas", "tables")
"""What makes the layout of a staging algorithm."""


class SiteTableError(ValueError):
    """A site table cannot be used; `diagnostic` (RS013 to RS015) says why.

    Attributes:
        diagnostic: what was found. file, why, line: what its message says.
    """

    def __init__(self, rule: Rule, file: Path | str, why: str, line: int = 0) -> None:
        self.diagnostic: Diagnostic = rule.at(file=file, why=why, line=line)
        super().__init__(self.diagnostic)
        self.file, self.why, self.line = file, why, line

    def __str__(self) -> str:
        return str(self.diagnostic)


def unreadable(file: Path | str, why: OSError | str) -> SiteTableError:
    """Return the error of a file that cannot be read."""
    text = (why.strerror or type(why).__name__).lower() if isinstance(why, OSError) else why
    return SiteTableError(rules.SITE_TABLE_UNREADABLE, file, text)


def unusable(file: Path | str, why: str) -> SiteTableError:
    """Return the error of a file that is no site table."""
    return SiteTableError(rules.SITE_TABLE_UNUSABLE, file, why)


def wrong_line(file: Path | str, line: int, why: str) -> SiteTableError:
    """Return the error of a line that makes no sense."""
    return SiteTableError(rules.SITE_TABLE_LINE, file, why, line)


def is_algorithm(file: Path) -> bool:
    """Return whether a path is a folder, or begins as a zip does; what cannot be read is neither.

    Raises:
        SiteTableError: the path cannot be one of a file.
    """
    try:
        if file.is_dir():
            return True
        if not file.is_file() and file.exists():
            raise unreadable(file, "it is no regular file")
        with file.open("rb") as handle:
            return handle.read(4) in (b"PK\3\4", b"PK\5\6")
    except OSError:
        return False
    except ValueError:
        raise unreadable("", "its name holds a NUL character") from None


class AlgorithmFiles:
    """The JSON files of a staging algorithm by folder and name, read one by one.

    Args:
        file: a folder, or a zip, in which `schemas` and `tables` may lie deeper.

    Raises:
        SiteTableError: it cannot be read, or does not have the two folders.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._archive: zipfile.ZipFile | None = None
        self._total = 0
        try:
            if not file.is_dir():
                self._archive = zipfile.ZipFile(file)
            self._paths = self._find()
        except OSError as error:
            raise unreadable(file, error) from None
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            raise unreadable(file, "it is a damaged archive") from None
        for folder in FOLDERS:
            if not self._paths[folder]:
                raise unusable(file, f"it has no {folder} with JSON files")

    def _find(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {folder: {} for folder in FOLDERS}
        for path in self._archive.namelist() if self._archive else self._listed():
            *folders, name = path.split("/")
            if name.endswith(".json") and folders and folders[-1] in found:
                found[folders[-1]].setdefault(name.removesuffix(".json"), path)
        if sum(map(len, found.values())) > MOST_FILES:
            raise unreadable(self._file, "it has too many files")
        return found

    def _listed(self) -> list[str]:
        folders = [self._file / folder for folder in FOLDERS]
        return [f"{one.name}/{path.name}" for one in folders if one.is_dir() for path in one.iterdir()]

    def names(self, folder: str) -> list[str]:
        """Return the names of the files in `schemas` or `tables`, sorted."""
        return sorted(self._paths[folder])

    def read(self, folder: str, name: str) -> bytes | None:
        """Return the bytes of a file; None where there is no such file.

        Raises:
            SiteTableError: it cannot be read, or is too large.
        """
        path = self._paths[folder].get(name)
        if path is None:
            return None
        try:
            if self._archive is None:
                with (self._file / path).open("rb") as handle:
                    data = handle.read(LARGEST_FILE + 1)
            else:
                with self._archive.open(path) as packed:
                    data = packed.read(LARGEST_FILE + 1)
        except OSError as error:
            raise unreadable(f"{self._file}: {path}", error) from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            raise unreadable(f"{self._file}: {path}", "it is a damaged or locked archive") from None
        self._total += len(data)
        if len(data) > LARGEST_FILE or self._total > LARGEST_TOTAL:
            raise unreadable(f"{self._file}: {path}", "it is too large")
        return data

    def path(self, folder: str, name: str) -> str:
        """Return what a message calls a file."""
        return f"{self._file}: {self._paths[folder].get(name, f'{folder}/{name}.json')}"

    def close(self) -> None:
        """Close the archive."""
        if self._archive is not None:
            self._archive.close()
