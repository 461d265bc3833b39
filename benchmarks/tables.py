"""What `rstage` costs on large tables, against the csv module and polars copying what it wrote.

Every value is drawn by itself, so that hardly two rows are alike: several thousand different stages, of which
some are faulty or missing, days, and an id of its own for each row.
"""

from __future__ import annotations

import argparse
import tempfile
from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from measuring import (
    copy_command,
    interleaved,
    polars_copy_command,
    polars_parquet_copy_command,
    print_against,
    print_costs,
    print_memory,
    rstage_command,
    write_parquet,
    write_table,
)
from texts import stage_texts, unseen_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HEADER = ("record", "tumor", "site", "diagnosis", "diagnosed", "assessment", "assessed", "remark")
STAGES = ("--column", "diagnosis", "--column", "assessment")
RESTAGE = (
    *("--diagnosis", "diagnosis", "--assessment", "assessment"),
    *("--tumor-id", "tumor", "--assessment-tumor-id", "tumor"),
    *("--diagnosis-date", "diagnosed", "--assessment-date", "assessed", "--site", "site"),
)
SITES = ("C18.7", "C50.9", "C34.1", "C61.9", "C20.9")
MISSING = ("", "NA", "unknown", "not reported")
AT_A_TIME = 50_000


class Bar(NamedTuple):
    """What a command may cost at most, as a multiple of a yardstick."""

    command: str
    yardstick: str
    most: float


BARS = (
    Bar("normalize, polars", "polars copying that", 1.6),
    Bar("normalize, stdlib", "csv copying that", 1.5),
    Bar("restage", "polars copying the restaged", 2),
    Bar("restage", "csv copying the restaged", 2),
    Bar("verify", "restage", 1),
    Bar("normalize, Parquet", "polars copying that Parquet", 2),
)


def stages(draw: Random, distinct: int, start: int) -> Iterator[str]:
    """Yield stages drawn from so many different ones; of a hundred one is faulty and one is missing."""
    # Without commas, so that `--quoted` alone says how many rows have quotes.
    texts = [text.replace(",", " ") for text in stage_texts(distinct, start=start, timings=("",))]
    faulty = [text.replace(",", " ") for text in unseen_texts("faults", max(distinct // 20, 1), start)]
    while True:
        drawn = draw.choices(texts, k=AT_A_TIME)
        for place in draw.sample(range(AT_A_TIME), AT_A_TIME // 50):
            drawn[place] = draw.choice(faulty if place % 2 else MISSING)
        yield from drawn


def rows(count: int, distinct: int, quoted: float) -> Iterator[tuple[object, ...]]:
    """Yield rows; a part of them has a remark that needs quotes."""
    draw = Random(count)  # noqa: S311  no secret
    diagnosed = [
        f"{year}-{month:02}-{day:02}"
        for year in range(2005, 2014)
        for month in range(1, 13)
        for day in range(1, 29)
    ]
    assessed = [f"{year}-{month:02}" for year in range(2015, 2024) for month in range(1, 13)]

    def drawn(texts: Sequence[str], weights: Sequence[float] | None = None) -> Iterator[str]:
        while True:
            yield from draw.choices(texts, weights, k=AT_A_TIME)

    return zip(
        (f"R{number:09}" for number in range(count)),
        (f"P{number:09}-1" for number in range(count)),
        drawn(SITES),
        stages(draw, distinct // 2, 0),
        drawn(diagnosed),
        stages(draw, distinct - distinct // 2, distinct),
        drawn(assessed),
        drawn(("seen", "seen, and told"), (1 - quoted, quoted)),
        strict=False,
    )


def commands(folder: Path) -> dict[str, Sequence[str]]:
    """Return what is measured on the tables in a folder; each yardstick copies what was written before it."""
    source, parquet, copied = folder / "table.csv", folder / "table.parquet", folder / "copied"
    normalized, restaged = folder / "normalized.csv", folder / "restaged.csv"

    def rstage(command: str, source: Path, target: Path, *options: str) -> list[str]:
        return [*rstage_command(), command, str(source), "-o", str(target), *options, "--force", "-q"]

    against = ("--against", str(source), *RESTAGE, "--engine", "polars", "-q")
    return {
        "normalize, stdlib": rstage("normalize", source, normalized, *STAGES, "--engine", "stdlib"),
        "csv copying that": copy_command(normalized, copied),
        "normalize, polars": rstage("normalize", source, normalized, *STAGES, "--engine", "polars"),
        "polars copying that": polars_copy_command(normalized, copied),
        "restage": rstage("restage", source, restaged, *RESTAGE, "--engine", "polars"),
        "polars copying the restaged": polars_copy_command(restaged, copied),
        "csv copying the restaged": copy_command(restaged, copied),
        "verify": [*rstage_command(), "verify", str(restaged), *against],
        "normalize, Parquet": rstage("normalize", parquet, folder / "normalized.parquet", *STAGES),
        "polars copying that Parquet": polars_parquet_copy_command(folder / "normalized.parquet", copied),
    }


def targets(commands: Mapping[str, Sequence[str]]) -> dict[str, Path]:
    """Return what each command writes: what its option `-o` names, or the last argument of a copy."""
    found = {}
    for name, command in commands.items():
        if "-o" in command:
            found[name] = Path(command[command.index("-o") + 1])
        elif "copying" in name:
            found[name] = Path(command[-1])
    return found


def make_tables(folder: Path, count: int, distinct: int, quoted: float) -> None:
    """Write a table as CSV and as Parquet, where it is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    source, parquet = folder / "table.csv", folder / "table.parquet"
    if not parquet.exists():
        write_table(source, HEADER, rows(count, distinct, quoted))
        write_parquet(source, parquet)


def wanted(names: Sequence[str], every: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Return the commands that are named, with their yardsticks; all of them where none is named."""
    chosen = set(names) | set(chain(*((one.command, one.yardstick) for one in BARS if one.command in names)))
    return {name: command for name, command in every.items() if not names or name in chosen}


def main() -> None:
    """Print each time and ratio, and the peaks of memory at a fifth of the rows and at all."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--distinct", type=int, default=6_000, help="different values in the two columns")
    options.add_argument("--quoted", type=float, default=0, help="the part of the rows that has quotes")
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--only", nargs="+", default=[], choices=sorted({one.command for one in BARS}))
    options.add_argument("--folder", type=Path, help="where the tables are made, and kept for another run")
    chosen = options.parse_args()

    kept = nullcontext(chosen.folder) if chosen.folder else tempfile.TemporaryDirectory()
    with kept as name:
        whole, fifth = Path(name) / f"{chosen.rows}", Path(name) / f"{chosen.rows // 5}"
        make_tables(whole, chosen.rows, chosen.distinct, chosen.quoted)
        make_tables(fifth, chosen.rows // 5, chosen.distinct, chosen.quoted)
        of_whole, of_fifth = (wanted(chosen.only, commands(folder)) for folder in (whole, fifth))
        costs = interleaved(of_whole, chosen.repeats, targets(of_whole))
        small = interleaved(of_fifth, 1, targets(of_fifth))
    print_costs(costs, chosen.rows)
    for bar in BARS:
        if bar.command in costs:
            print_against(bar.command, costs[bar.command], bar.yardstick, costs[bar.yardstick], bar.most)
    for name in dict.fromkeys(bar.command for bar in BARS if bar.command in costs):
        print_memory(name, small[name], costs[name])


if __name__ == "__main__":
    main()
