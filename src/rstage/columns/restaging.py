"""The restaging of two columns of stages: what `restage` appends to a table, as columns of pyarrow."""

from __future__ import annotations

from functools import cache, partial
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from rstage.columns.answers import stage_reader
from rstage.columns.arrow import ROWS_AT_A_TIME, encoded, fact_column, stage_column
from rstage.files.errors import TableError
from rstage.reading.options import SitelessOptions
from rstage.reference.choices import EVENTS
from rstage.restaging.link_key import check_key
from rstage.restaging.recurrence import stated_types
from rstage.tables.appender import Batch, Distinct, RowCells, batch_texts
from rstage.tables.dates import check_date_format
from rstage.tables.facts import FactReader, FactSources
from rstage.tables.formats.delimited import DelimitedCells
from rstage.tables.missing import is_missing, missing_words
from rstage.tables.restage import Restager, appended_names
from rstage.tables.stage_columns import ValueSource

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from rstage.restaging.link_key import LinkKey

STAGES = ("diagnosis", "assessment")
FACTS = tuple(FactSources.__dataclass_fields__)
"""What can stand beside the two stages, as a column or as one text for every row."""
STATED = ("event", "recurrence")
"""Those whose texts are all known: one text for every row cannot be a mistaken name of a column."""


class RestageOptions(SitelessOptions, total=False):
    """The keywords of a restaging of columns: what stands beside the two stages, and the options.

    Attributes:
        tumor_id: the tumor of the row. assessment_tumor_id: that of the assessment, where it stands apart.
        diagnosis_date, assessment_date: the dates of the two.
        site: the primary site. assessment_site: the site in the record of the assessment.
        event: `recurrence`, `progression` or `unknown`. recurrence: the types, where they are stated.
        link: whether the link is made. key: what it is made with, as for `rstage.restage`.
        missing: further words for a missing cell.
        date_format: the format of full dates in text.
    """

    tumor_id: Any
    assessment_tumor_id: Any
    diagnosis_date: Any
    assessment_date: Any
    site: Any
    assessment_site: Any
    event: Any
    recurrence: Any
    link: bool
    key: LinkKey | None
    missing: Iterable[str]
    date_format: str | None


RESTAGE_KEYWORDS = RestageOptions.__optional_keys__
"""The names of those keywords."""


class GivenColumns(NamedTuple):
    """What a restaging of columns is given.

    Attributes:
        columns: the columns by their names. texts: what is the same in every row.
        options: the further keywords of `ColumnRestager`.
    """

    columns: dict[str, Any]
    texts: dict[str, str]
    options: dict[str, Any]

    @classmethod
    def of(
        cls, diagnosis: Any, assessment: Any, given: RestageOptions, *, for_all: Collection[str] = STATED
    ) -> Self:
        """Return what was given.

        Args:
            diagnosis: the stages at diagnosis.
            assessment: the new assessments.
            given: everything else.
            for_all: the names under which a string is one text for every row.
        """
        stages = {"diagnosis": diagnosis, "assessment": assessment}
        facts = {name: value for name, value in given.items() if name in FACTS and value is not None}
        options = {name: value for name, value in given.items() if name not in FACTS}
        missing = given.get("missing", ())
        # The words may be asked for more than once; one text is refused where they are needed.
        options["missing"] = missing if isinstance(missing, str) else tuple(missing)
        texts = {name: value for name, value in facts.items() if isinstance(value, str) and name in for_all}
        columns = {name: value for name, value in facts.items() if name not in texts}
        return cls(stages | columns, texts, options)

    def restager(self) -> ColumnRestager:
        """Return what restages the columns.

        Raises:
            ValueError, TypeError: as for `ColumnRestager`.
        """
        return ColumnRestager(tuple(self.columns), self.texts, **self.options)


# Stands in no cell that is appended.
_DELIMITER = "\t"

SAME_TUMOR = "rstage: the same tumor"
"""Given in SQL for the second tumor id where the first one counts for both; no table has it."""


class ColumnRestager:
    """Restages rows given as columns. It can be asked from several threads.

    Args:
        columns: the names of the columns: both `STAGES`, and those of `FACTS` that differ from row to row.
        texts: those of `FACTS` that are the same in every row.
        link: whether the link is made. key: what it is made with. missing: further words for a missing cell.
        date_format: the format of full dates, such as `%d.%m.%Y`.
        options: the keywords of `read` but for the site, for both stages.

    Raises:
        ValueError: the event, a type of recurrence, the format or an option has an unknown value.
        TypeError: an option is unknown or has another type.
    """

    def __init__(
        self,
        columns: Sequence[str],
        texts: Mapping[str, str],
        *,
        link: bool = True,
        key: LinkKey | None = None,
        missing: Iterable[str] = (),
        date_format: str | None = None,
        **options: Any,
    ) -> None:
        check_key(key)
        _check_texts(texts)
        _check_format(date_format)
        self._columns = tuple(columns)
        self.names = appended_names(has_link=link)
        self._words = missing_words(missing)
        sources = {name: ValueSource(name=name, index=place) for place, name in enumerate(columns)} | {
            name: ValueSource(name=name, literal=text) for name, text in texts.items()
        }
        site = sources.get("site")
        diagnosis, assessment = (
            stage_reader(columns.index(name), name, options, missing, of_site)
            for name, of_site in zip(STAGES, (site, sources.get("assessment_site", site)), strict=True)
        )
        facts = FactSources(**{name: source for name, source in sources.items() if name in FACTS})
        reader = FactReader(facts, self._words, date_format)
        self._restager = Restager(
            diagnosis, assessment, reader, writer=DelimitedCells(_DELIMITER), has_link=link, key=key
        )
        self._row_cells = RowCells(self._restager)
        self._lock = Lock()

    def of_row(self, cells: Sequence[str | None]) -> tuple[str | None, ...]:
        """Return what a single row gets, in the order of `names`; it needs no pyarrow.

        Args:
            cells: its cells as text, in the order of the columns.
        """
        texts = ["" if cell is None else cell for cell in cells]
        if is_missing(texts[self._columns.index("assessment")], self._words):
            return (None,) * len(self.names)
        with self._lock:
            appended = self._row_cells.of(texts)
        _, *result, found = appended.split(_DELIMITER)
        return (*(text or None for text in result), found)

    def restaged(self, columns: Mapping[str, Any]) -> Any:
        """Return a table of pyarrow with the restaging of each row; all of it is null without an assessment.

        Args:
            columns: the columns of pyarrow by their names, all of one length. Where both stages are
                dictionary-encoded, what comes out is too, but for the link.

        Raises:
            ValueError: the columns differ in length.
            TypeError: a column is of another type than `stage_column` or `fact_column` takes.
        """
        import pyarrow as pa

        given = [
            (stage_column if name in STAGES else fact_column)(columns[name], name) for name in self._columns
        ]
        if len({len(column) for column in given}) > 1:
            raise ValueError("the columns differ in length")
        are_encoded = all(pa.types.is_dictionary(column.type) for column in given[: len(STAGES)])
        rows = pa.table([_as_text(column) for column in given], names=list(self._columns))
        schema = pa.schema([(name, pa.large_string()) for name in self.names])
        found = pa.Table.from_batches(
            [self._restaged_rows(batch, schema) for batch in rows.to_batches(ROWS_AT_A_TIME)], schema
        )
        if not are_encoded:
            return found
        return pa.table(
            {
                name: column if name.endswith("_link") else encoded(column)
                for name, column in zip(found.column_names, found.columns, strict=True)
            }
        )

    def _restaged_rows(self, batch: Any, schema: Any) -> Any:
        import pyarrow as pa
        from pyarrow import compute

        has_assessment = self._are_assessed(batch.column(self._columns.index("assessment")))
        texts = pa.array(self._texts(batch.filter(has_assessment)), pa.large_string())
        cells = compute.split_pattern(texts, _DELIMITER)
        places = compute.subtract(compute.cumulative_sum(has_assessment.cast(pa.int64())), 1)
        places = compute.if_else(has_assessment, places, None)
        columns = []
        # The first cell is what stands before the first delimiter.
        for number, name in enumerate(self.names, start=1):
            column = compute.list_element(cells, number)
            if not name.endswith("_findings"):
                column = compute.if_else(compute.equal(column, ""), None, column)
            columns.append(column.take(places))
        return pa.RecordBatch.from_arrays(columns, schema=schema)

    def _are_assessed(self, column: Any) -> Any:
        """Return for each row whether there is an assessment."""
        import pyarrow as pa

        distinct = column.dictionary_encode()
        are = [not is_missing(text, self._words) for text in distinct.dictionary.to_pylist()]
        return pa.array(are, pa.bool_()).take(distinct.indices).fill_null(False)  # noqa: FBT003  pyarrow has it so

    def _texts(self, batch: Any) -> list[str]:
        """Return what a table gets appended in each row."""
        cells = [column.fill_null("") for column in batch.columns]
        with self._lock:
            distinct = [_distinct([cells[place] for place in key.indexes]) for key in self._restager.keys]
            (texts,) = batch_texts(self._restager, Batch([distinct], cache(partial(_values, cells))))
        return list(texts)


def _values(cells: Sequence[Any], place: int) -> Sequence[str]:
    values: list[str] = cells[place].to_pylist()
    return values


def _distinct(columns: Sequence[Any]) -> Distinct:
    """Return the different rows of some columns of text; how often each comes counts for nothing here."""
    from pyarrow import compute

    first, *others = (column.dictionary_encode() for column in columns)
    numbers, texts = first.indices, [first.dictionary]
    for other in others:
        # Both numbers are below the count of rows, so that their product is far below the largest integer.
        width = len(other.dictionary)
        pairs = compute.add(compute.multiply(numbers.cast("int64"), width), other.indices.cast("int64"))
        met = pairs.dictionary_encode()
        numbers = met.indices
        before = compute.divide(met.dictionary, max(width, 1))
        last = compute.subtract(met.dictionary, compute.multiply(before, width))
        texts = [*(column.take(before) for column in texts), other.dictionary.take(last)]
    rows = [column.to_pylist() for column in texts]
    keys = rows[0] if len(rows) == 1 else list(zip(*rows, strict=True))
    return Distinct(keys, [0] * len(keys), numbers.to_pylist)


def _as_text(column: Any) -> Any:
    import pyarrow as pa

    return column.cast(pa.large_string())


def _check_texts(texts: Mapping[str, str]) -> None:
    if texts.get("event", EVENTS[0]) not in EVENTS:
        raise ValueError(f"an event is one of {', '.join(EVENTS)}")
    if texts.get("recurrence", "").strip():
        stated_types(texts["recurrence"])


def _check_format(date_format: str | None) -> None:
    try:
        check_date_format(date_format)
    except TableError as error:
        raise ValueError(str(error)) from None
