"""Stagings as spans of spaCy: `nlp.add_pipe("rstage")` adds them to each document.

    import spacy

    nlp = spacy.blank("de")
    nlp.add_pipe("rstage")
    for span in nlp("Lokalrezidiv 2020: rpT3 rN1 cM0.").spans["rstage"]:
        print(span.text, span._.rstage.stage, span._.rstage.context)

spaCy finds the component by itself where rstage is installed. A span covers whole tokens; the mention that it
holds says at which characters the staging stands. It needs no model, and no annotation before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

try:
    from spacy.language import Language
    from spacy.tokens import Doc, Span
except ImportError as error:
    raise ImportError("rstage.spacy needs spaCy: pip install 'rstage[spacy]'") from error

from rstage.text.context import Contexts
from rstage.text.find import Mention, find
from rstage.text.phrases import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rstage.reference.choices import Mode

__all__ = ["StagingFinder", "make_finder"]

NAME = "rstage"
"""The name of the component, of the group of its spans and of what they hold."""
LABEL = "STAGING"
"""The label of its spans."""


class StagingFinder:
    """Adds the stagings of a document to `doc.spans`.

    Each span has the label `STAGING`, and `span._.rstage` is its `Mention`; `doc._.rstage` has all of them.
    They are kept in the document as JSON-ready values, so that it can be written to bytes and read again.

    Args:
        languages: as for `rstage.find`, and so are the next four.
        mode: how much reading may change of a text.
        edition: the edition where a text names none.
        carry_method: whether a leading c or p is carried on.
        assume_clinical: whether a category without method is read as clinical.
        spans_key: the name of the group of spans.

    Raises:
        ValueError: a language, or an option, has an unknown value.
    """

    def __init__(
        self,
        languages: Iterable[str] = LANGUAGES,
        mode: Mode = "standard",
        *,
        edition: str | None = None,
        carry_method: bool = False,
        assume_clinical: bool = False,
        spans_key: str = NAME,
    ) -> None:
        self._languages = Contexts.of(languages).languages
        self._mode = mode
        self._options: dict[str, Any] = {
            "edition": edition,
            "carry_method": carry_method,
            "assume_clinical": assume_clinical,
        }
        self._spans_key = spans_key
        self._find("")  # a wrong option is told when the pipeline is made

    def _find(self, text: str) -> list[Mention]:
        return list(find(text, self._languages, self._mode, **self._options))

    def __call__(self, doc: Doc) -> Doc:
        """Return the document with the stagings in it."""
        mentions = self._find(doc.text)
        doc.user_data[NAME] = [one.to_dict() for one in mentions]
        doc.spans[self._spans_key] = [_span(doc, mention, number) for number, mention in enumerate(mentions)]
        return doc


def _span(doc: Doc, mention: Mention, number: int) -> Span:
    """Return the tokens of a mention; which mention of the document it is, is the id of the span."""
    span = doc.char_span(*mention.span, label=LABEL, span_id=str(number), alignment_mode="expand")
    if span is None:
        raise ValueError("the document has no text where the mention stands")
    return span


def make_finder(
    nlp: Language,  # noqa: ARG001  spaCy gives the pipeline and the name to every factory
    name: str,  # noqa: ARG001
    *,
    languages: list[str],
    mode: str,
    edition: str | None,
    carry_method: bool,
    assume_clinical: bool,
    spans_key: str,
) -> StagingFinder:
    """Return the component, as the configuration of a pipeline asks for it."""
    return StagingFinder(
        languages,
        mode,  # type: ignore[arg-type]  # an unknown one is a ValueError
        edition=edition,
        carry_method=carry_method,
        assume_clinical=assume_clinical,
        spans_key=spans_key,
    )


def _mention_of(span: Span) -> Mention | None:
    """Return the mention of a span that the component made, else None."""
    known = span.doc.user_data.get(NAME, [])
    is_own = span.label_ == LABEL and span.id_.isdecimal() and int(span.id_) < len(known)
    return Mention.from_dict(known[int(span.id_)]) if is_own else None


def _mentions_of(doc: Doc) -> tuple[Mention, ...]:
    return tuple(Mention.from_dict(one) for one in doc.user_data.get(NAME, []))


Span.set_extension(NAME, getter=_mention_of, force=True)
Doc.set_extension(NAME, getter=_mentions_of, force=True)
Language.factory(
    NAME,
    func=make_finder,
    default_config={
        "languages": list(LANGUAGES),
        "mode": "standard",
        "edition": None,
        "carry_method": False,
        "assume_clinical": False,
        "spans_key": NAME,
    },
    assigns=["doc.spans", "doc._.rstage", "span._.rstage"],
)
