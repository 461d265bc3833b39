"""What is known of each of the two stages of rows, before they are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rstage.diagnostics import Diagnostic
    from rstage.model.edition import Edition
    from rstage.reading.read import Reading
    from rstage.reporting.placed import CellFinding
    from rstage.restaging.link import LinkTemplate
    from rstage.restaging.restage import NewAssessment
    from rstage.restaging.staging import Staging
    from rstage.tables.facts import SharedFacts
    from rstage.tables.shared import Key


class DatedEdition(NamedTuple):
    """An edition with a first year at its site: of the diagnosis (side 0) or of the assessment (side 1)."""

    side: int
    edition: Edition | None
    site: str | None
    text: str


class RForm(NamedTuple):
    """What a row is restaged to: the r-form, the types of recurrence, and what makes its link."""

    text: str
    recurrence: str
    template: LinkTemplate


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DiagnosisKind:
    """What of a diagnosis counts beside an assessment: there are few of them, however many diagnoses.

    Attributes:
        is_missing: whether there is no diagnosis.
        codes: of what was found in the cells. site_codes: of what their site adds to that.
        is_refused: whether an error is in the cells. is_disputed: whether their site adds one.
        against: what they alone say against a restaging. edition: their edition.
    """

    is_missing: bool = False
    codes: tuple[str, ...] = ()
    site_codes: tuple[str, ...] = ()
    is_refused: bool = False
    is_disputed: bool = False
    against: tuple[Diagnostic, ...] = ()
    edition: Edition | None = None


NO_DIAGNOSIS = DiagnosisKind()
"""Stands for the kind where a diagnosis is not asked for."""


class Said(NamedTuple):
    """What the cells of a diagnosis say, whatever its site is.

    Attributes:
        reading: what was read; None where the stage is missing. in_cells: what was found.
        staging: the diagnosis, without its site; None where there is none, or an error is in the cells.
        json: its stage and text as canonical JSON. needs_site: whether it counts at which site it was.
        kind: what counts beside an assessment, where the site adds nothing.
    """

    reading: Reading | None
    in_cells: tuple[CellFinding, ...]
    staging: Staging | None = None
    json: str = ""
    needs_site: bool = False
    kind: DiagnosisKind = NO_DIAGNOSIS


class DiagnosisSide:
    """The cells of a diagnosis with their site. They are read when they are first needed.

    Attributes:
        key: the cells. site: the site as it is written, or None.
        kind: what counts beside an assessment; None until it is read, and so is the rest.
        reading: what was read; None where the stage is missing.
        between: its canonical JSON between the date and the tumor id; empty where there is no stage.
        in_cells: what was found in the cells. of_site: what their site adds to that.
        editions: the edition, where it has a first year at the site.
    """

    __slots__ = ("between", "editions", "in_cells", "key", "kind", "of_site", "reading", "site")

    def __init__(self, key: Key, site: str | None) -> None:
        self.key, self.site = key, site
        self.kind: DiagnosisKind | None = None
        self.reading: Reading | None = None
        self.between = ""
        self.in_cells: tuple[CellFinding, ...] = ()
        self.of_site: tuple[CellFinding, ...] = ()
        self.editions: tuple[DatedEdition, ...] = ()

    @property
    def found(self) -> tuple[CellFinding, ...]:
        """What was found, in the group in which it is counted."""
        return (*self.in_cells, *self.of_site)

    @property
    def has_findings(self) -> bool:
        """Whether anything was found."""
        return bool(self.in_cells or self.of_site)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AssessmentSide:
    """What the cells of an assessment come to, whatever the diagnosis is.

    Attributes:
        facts: what stands beside them. is_blank: whether there is no assessment; nothing else is there then.
        text: the cells. reading: what was read.
        in_cells: what was found in the cells. of_site: what their site adds to that.
        staging: the assessment; None where the cells have an error.
        new: what restaging it comes to; None likewise.
        r_form: what a row is restaged to; None where there is an error. in_r_form: what the r-form shows.
        needs_site: whether it counts at which site the diagnosis was.
        between: the canonical JSON of the assessment between the date and the tumor id; behind: that of the
            restaging behind the digest of the diagnosis; both are empty where there is no link.
        length: how many characters there are.
    """

    facts: SharedFacts
    is_blank: bool = False
    text: str = ""
    reading: Reading | None = None
    in_cells: tuple[CellFinding, ...] = ()
    of_site: tuple[CellFinding, ...] = ()
    staging: Staging | None = None
    new: NewAssessment | None = None
    r_form: RForm | None = None
    in_r_form: tuple[CellFinding, ...] = ()
    needs_site: bool = False
    between: str = ""
    behind: str = ""
    length: int = 0
