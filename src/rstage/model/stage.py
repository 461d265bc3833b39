"""A stage: the T, N and M categories with what belongs to them. A value; it holds no text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Self, overload

from rstage.arguments import check_each, check_type
from rstage.model import facts
from rstage.model.category import Category, Timing
from rstage.model.descriptor import DESCRIPTOR_ORDER, MOST_PLACES, Descriptor
from rstage.model.edition import Edition, number_of
from rstage.model.group import StageGroup
from rstage.model.value import Notation, tuple_of, unfrozen
from rstage.reference.editions import outdated_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic_core.core_schema import CoreSchema

    from rstage.diagnostics import Diagnostic
    from rstage.model.facts import StagePart
    from rstage.model.words import PartWords
    from rstage.reference.choices import DialectName

Style = Literal["canonical", "leading", "compact", "bare"]

Once = tuple[Category | None, Category | None, Category | None, StageGroup | None, Edition | None]
"""What a stage has once, in canonical order."""

_NO_TIMING: frozenset[Timing] = frozenset()


class Encoded(NamedTuple):
    """The columns of a stage, and what they do not hold.

    Attributes:
        values: the text of each part, by the keywords of `read_parts`.
        left_out: one RS505 warning for whatever of the stage is not in them.
    """

    values: dict[str, str]
    left_out: tuple[Diagnostic, ...]


class _Remembering:
    """Where a stage keeps the timing that it was asked for: no field, so no part of what it says."""

    __slots__ = ("_every_timing",)
    _every_timing: frozenset[Timing]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Stage(_Remembering, Notation):
    """A parsed stage.

    Timing belongs to the whole classification: an r or a on the first category (in the order T, N, M)
    is put on every category, a y on the first of T and N on both; a y on M is dropped where T or N has
    one, because no list has a yM. A group keeps its own timing. An edition of FIGO makes the group one of
    FIGO.

    Raises:
        ValueError: a category stands in the wrong place, a descriptor stands twice, or there are too many R.
    """

    t: Category | None = None
    n: Category | None = None
    m: Category | None = None
    descriptors: tuple[Descriptor, ...] = ()
    group: StageGroup | None = None
    edition: Edition | None = None

    made_by: ClassVar[str] = "rstage.parse(text)"
    readers: ClassVar[dict[str, Any]] = {
        "t": Category.from_dict,
        "n": Category.from_dict,
        "m": Category.from_dict,
        "descriptors": tuple_of(Descriptor.from_dict),
        "group": StageGroup.from_dict,
        "edition": Edition.from_dict,
    }

    def __post_init__(self) -> None:
        self._check_parts()
        if any(found.letter != letter for letter, found in zip("TNM", self._slots(), strict=True) if found):
            raise ValueError("a category stands in the place of another")
        if not (self.categories or self.descriptors or self.group):
            raise ValueError("a stage has a category, a descriptor or a group")
        if self.timing:
            spread = facts.spread(facts.of_stage(*self.categories))
            for name, category, timing in zip("tnm", self._slots(), spread, strict=True):
                if category is not None:
                    object.__setattr__(self, name, category.with_timing(timing))
        if self.edition is not None and self.edition.owner == "FIGO" and self.group is not None:
            object.__setattr__(self, "group", self.group.of_figo())
        if self.descriptors:
            object.__setattr__(self, "descriptors", _checked_descriptors(self.descriptors))
        if any(outdated(category, self.edition) for category in self.categories):
            raise ValueError("only an old edition has this value")
        if spells_system(self.descriptors, self.group):
            raise ValueError("R2 before a group of ISS would be read as R2-ISS")

    def _check_parts(self) -> None:
        """Raise a TypeError where a part is given as text, or as another part."""
        for name, category in zip("tnm", self._slots(), strict=True):
            if category is not None:
                check_type(name, category, Category)
        check_each("descriptors", self.descriptors, Descriptor)
        if self.group is not None:
            check_type("group", self.group, StageGroup)
        if self.edition is not None:
            check_type("edition", self.edition, Edition)

    @staticmethod
    def of_parts(once: Once, descriptors: tuple[Descriptor, ...]) -> Stage:
        """Return the stage of parts that go together: in their places, in order, with their timing spread.

        The constructor makes sure of all that; whoever calls this has done so part by part.
        """
        made = object.__new__(_UnfrozenStage)
        made.t, made.n, made.m, made.group, made.edition = once
        made.descriptors = descriptors
        made.__class__ = Stage
        return made  # type: ignore[no-any-return]  # it has become one

    def _slots(self) -> tuple[Category | None, Category | None, Category | None]:
        return self.t, self.n, self.m

    @property
    def categories(self) -> tuple[Category, ...]:
        """The categories that are there, in the order T, N, M."""
        return tuple([found for found in (self.t, self.n, self.m) if found is not None])

    @property
    def parts(self) -> tuple[StagePart, ...]:
        """Everything that the stage is made of, in canonical order."""
        every = (*self.categories, *self.descriptors, self.group, self.edition)
        return tuple([part for part in every if part is not None])

    @property
    def timing(self) -> frozenset[Timing]:
        """The union of the timing of the categories."""
        return _NO_TIMING.union(*[found.timing for found in self.categories])

    @property
    def is_recurrence(self) -> bool:
        """Whether a category or the group has an r."""
        return Timing.RECURRENCE in every_timing(self)

    def restaged(self) -> Self:
        """Return the stage with r on every category and on its group, and nothing else changed.

        The same object where every part has an r already (notation: restaging adds r only).

        Raises:
            RestagingError: the group is of a system without r.
        """
        categories = [
            found and found.with_timing(found.timing | {Timing.RECURRENCE}) for found in self._slots()
        ]
        group = self.group and self.group.restaged()
        if group is self.group and all(
            new is old for new, old in zip(categories, self._slots(), strict=True)
        ):
            return self
        return replace(self, t=categories[0], n=categories[1], m=categories[2], group=group)

    @overload
    def encode(self, dialect: DialectName, *, lossy: Literal[False] = False) -> dict[str, str]: ...

    @overload
    def encode(self, dialect: DialectName, *, lossy: Literal[True]) -> Encoded: ...

    def encode(self, dialect: DialectName, *, lossy: bool = False) -> dict[str, str] | Encoded:
        """Return the stage as the columns of a registry dialect.

        Args:
            dialect: `naaccr`, `obds`, `gdc`, `argo` or `omop`.
            lossy: return the columns together with what they do not hold, instead of raising.

        Returns:
            The text of each part. `read_parts(**columns, dialect=dialect)` gives the same stage back; with
            `lossy`, a stage that says less, and an RS505 warning for each thing that is left out.

        Raises:
            DialectError: the dialect cannot hold everything, such as an r, and `lossy` is off.
            ValueError: there is no such dialect, or it can only be read.
        """
        from rstage.reading.encode import encode

        encoded = encode(self, dialect, lossy=lossy)
        return encoded if lossy else encoded.values

    def format(self, style: Style = "canonical") -> str:
        """Return the stage as text.

        Args:
            style: `canonical`, what `str` gives; `leading` writes what T N M share in front of the first
                category only; `compact` has no blanks; `bare` leaves out the word Stage.

        Raises:
            ValueError: the style is unknown, or `compact` would be read back as something else.
        """
        if style == "canonical":
            return " ".join(self._texts())
        if style == "bare":
            return " ".join(self._texts(group=self.group.bare() if self.group else None))
        if style == "leading":
            return " ".join(self._texts(categories=self._leading()))
        if style == "compact":
            return self._compact()
        raise ValueError("the styles are canonical, leading, compact and bare")

    def __str__(self) -> str:
        return " ".join(self._texts())

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> CoreSchema:
        """Return the schema of a field of a pydantic model, which takes a stage or its text."""
        from rstage.reading.pydantic_field import stage_schema

        return stage_schema()

    def words(self) -> tuple[PartWords, ...]:
        """Return each part of the stage with its name and what it says in words, in canonical order.

        The words are labels of our own, and no definition of any manual.
        """
        from rstage.model.words import part_words

        return tuple(map(part_words, self.parts))

    def _texts(self, categories: Iterable[str] | None = None, group: str | None = None) -> list[str]:
        texts = list(map(str, self.categories)) if categories is None else list(categories)
        texts += map(str, self.descriptors)
        if self.group:
            texts.append(group or str(self.group))
        if self.edition:
            texts.append(str(self.edition))
        return texts

    def _leading(self) -> list[str]:
        """Return the categories as text, what the first one's timing covers left out of the others."""
        covered = self.categories[0].timing if self.categories else _NO_TIMING
        return [
            str(found if place == 0 else found.with_timing(found.timing - covered))
            for place, found in enumerate(self.categories)
        ]

    def _compact(self) -> str:
        if self.group or self.edition:
            raise ValueError("a group or an edition cannot be written without blanks")
        from rstage.reading.encode import is_read_as

        # A letter that stands between two parts can belong to either (notation H.1), a grade in letters has
        # no end, and B is also a sub-level: whether the parts stay apart is for the grammar alone.
        text = "".join(self._texts())
        if len(self.parts) > 1 and not is_read_as(text, self):
            raise ValueError("without blanks this would be read back as something else")
        return text


_UnfrozenStage = unfrozen(Stage)


def spells_system(descriptors: Sequence[Descriptor], group: StageGroup | None) -> bool:
    """Return whether the last descriptor and the group are written as one of another system.

    `R2 ISS III`, `pR2 ISS I`.
    """
    if group is None or group.system != "ISS" or not descriptors:
        return False
    return str(ordered_descriptors(descriptors)[-1]).endswith("R2")


def outdated(category: Category, edition: Edition | None) -> bool:
    """Return whether only editions before this one have the value (N4), or no edition is written for it."""
    last = outdated_values().get((category.letter, category.value))
    if last is None:
        return False
    number = number_of(edition)
    return number is None or number > last


def every_timing(stage: Stage) -> frozenset[Timing]:
    """Return the timing of the categories of a stage and of its group."""
    try:
        return stage._every_timing  # noqa: SLF001  kept by the stage for this function
    except AttributeError:
        found = stage.timing | stage.group.timing if stage.group is not None else stage.timing
        object.__setattr__(stage, "_every_timing", found)
        return found


def _checked_descriptors(found: Sequence[Descriptor]) -> tuple[Descriptor, ...]:
    """Return descriptors that a stage can have, in canonical order."""
    if len({one.key for one in found}) < len(found):
        raise ValueError("a descriptor stands twice")
    if sum(one.name == "R" for one in found) > MOST_PLACES:
        raise ValueError(f"a stage has at most {MOST_PLACES} residual tumors")
    return ordered_descriptors(found)


def ordered_descriptors(found: Iterable[Descriptor]) -> tuple[Descriptor, ...]:
    """Return the descriptors in canonical order."""
    return tuple(
        sorted(found, key=lambda one: (DESCRIPTOR_ORDER.index(one.name), one.detail or "", str(one)))
    )
