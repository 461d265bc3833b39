"""One run at a time has the file beside a target, and what nobody has is taken away."""

from __future__ import annotations

import errno
import os
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from rstage.files.claims import beside, claim, is_at
from rstage.files.errors import TableError
from rstage.files.inputs import Input
from rstage.files.outputs import Output
from tests.support.command_line import table
from tests.support.processes import files_in

if TYPE_CHECKING:
    from pathlib import Path

needs_locks = pytest.mark.skipif(sys.platform == "win32", reason="an open file is a lock by itself there")


def nothing(_status: os.stat_result) -> None:
    """Have nothing against removing what is left."""


def test_the_name_follows_from_that_of_the_target_and_is_short(tmp_path: Path) -> None:
    names = [beside(tmp_path / name).name for name in ("a.csv", "b.csv", "a.csv", "x" * 250, "\udcff.csv")]
    assert names[0] == names[2]
    assert len(set(names)) == 4
    assert {len(name) for name in names} == {len(".rstage-.part") + 16}
    assert beside(tmp_path / "a.csv").parent == tmp_path


def test_a_file_that_is_claimed_cannot_be_claimed_again(tmp_path: Path) -> None:
    path = tmp_path / "part"
    descriptor = claim(path, nothing)
    os.write(descriptor, b"half")
    with pytest.raises(BlockingIOError, match="another run is writing it"):
        claim(path, nothing)
    assert path.read_bytes() == b"half"
    os.close(descriptor)
    again = claim(path, nothing)
    assert path.read_bytes() == b""
    os.close(again)


def test_a_renamed_or_removed_file_is_no_longer_claimed(tmp_path: Path) -> None:
    path = tmp_path / "part"
    descriptor = claim(path, nothing)
    assert is_at(path, descriptor)
    path.rename(tmp_path / "out.csv")
    assert not is_at(path, descriptor)
    other = claim(path, nothing)
    assert not is_at(path, descriptor)
    os.close(descriptor)
    os.close(other)
    assert set(files_in(tmp_path)) == {"part", "out.csv"}


@pytest.mark.parametrize("is_left", [True, False], ids=["left", "new"])
def test_of_many_that_claim_at_once_one_gets_it(tmp_path: Path, *, is_left: bool) -> None:
    count = 8
    barrier = Barrier(count)

    def try_to_claim(path: Path) -> int | None:
        barrier.wait(timeout=30)
        try:
            return claim(path, nothing)
        except BlockingIOError:
            return None

    with ThreadPoolExecutor(count) as pool:
        for turn in range(100):
            path = tmp_path / str(turn)
            if is_left:
                path.write_bytes(b"half")
            got = [one for one in pool.map(try_to_claim, [path] * count) if one is not None]
            assert [is_at(path, one) for one in got] == [True]
            assert path.read_bytes() == b""
            os.close(got[0])


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes(b"of somebody else")
    (tmp_path / "soft").symlink_to(other)
    with pytest.raises(OSError, match=os.strerror(errno.ELOOP)):
        claim(tmp_path / "soft", nothing)
    (tmp_path / "hard").hardlink_to(other)
    os.close(claim(tmp_path / "hard", nothing))
    assert other.read_bytes() == b"of somebody else"


def test_what_may_not_be_removed_stays(tmp_path: Path) -> None:
    path = tmp_path / "part"
    path.write_bytes(b"half")

    def refuse(status: os.stat_result) -> None:
        assert os.path.samestat(status, path.stat())
        raise ValueError("it is the input")

    with pytest.raises(ValueError, match="it is the input"):
        claim(path, refuse)
    assert path.read_bytes() == b"half"


@needs_locks
@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK])
def test_without_locks_what_is_left_is_for_the_user_to_remove(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def no_lock(_descriptor: int, _how: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("rstage.files.claims.fcntl.flock", no_lock)
    path = tmp_path / "part"
    os.close(claim(path, nothing))
    with pytest.raises(OSError, match="if no other run is writing it, remove part beside it"):
        claim(path, nothing)
    path.unlink()
    os.close(claim(path, nothing))


@needs_locks
def test_where_an_open_file_is_not_removed_that_is_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What happens on Windows, as far as another system can show it."""
    monkeypatch.setattr(sys, "platform", "win32")
    path = tmp_path / "part"
    path.write_bytes(b"half")
    os.close(claim(path, nothing))
    assert path.read_bytes() == b""

    def in_use(_path: Path) -> None:
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(type(path), "unlink", in_use)
    with pytest.raises(BlockingIOError, match="another run is writing it"):
        claim(path, nothing)


def write_output(source: Input, target: str, data: bytes) -> None:
    with Output(source, target) as output:
        output.write(data)
        output.commit()


@pytest.mark.parametrize("name", ["out.csv", "out.csv.gz", "out.csv.xz"])
def test_an_output_that_could_not_be_written_is_nobodys_at_once(tmp_path: Path, name: str) -> None:
    """Also in a process that goes on: whatever was open is closed."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    source, target = Input(str(table(tmp_path, "dx", name="in.csv"))), str(tmp_path / name)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(TableError, match="file too large") as caught:
            write_output(source, target, os.urandom(1_000_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert set(files_in(tmp_path)) == {"in.csv"}
    write_output(source, target, b"dx\n")
    source.close()
    assert caught.value.diagnostic.code == "RS009"
    assert set(files_in(tmp_path)) == {"in.csv", name}


def test_an_output_is_claimed_by_writing_where_it_is_no_context(tmp_path: Path) -> None:
    source = Input(str(table(tmp_path, "dx", name="in.csv")))
    output = Output(source, str(tmp_path / "out.csv"))
    output.write(b"dx\n")
    assert set(files_in(tmp_path)) == {"in.csv", beside(tmp_path / "out.csv").name}
    output.commit()
    source.close()
    assert set(files_in(tmp_path)) == {"in.csv", "out.csv"}


def test_an_output_that_has_ended_cannot_be_written(tmp_path: Path) -> None:
    source = Input(str(table(tmp_path, "dx", name="in.csv")))
    with Output(source, str(tmp_path / "out.csv")) as output:
        output.write(b"dx\n")
    with pytest.raises(ValueError, match="closed file"):
        output.write(b"dx\n")
    source.close()
    assert set(files_in(tmp_path)) == {"in.csv"}
