"""What a refused reading suggests: a text that may have been meant, or the option that reads the text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.diagnostics import Diagnostic, Severity
from rstage.dialects import dialect_of
from rstage.dialects.engine import NO_NOTATION
from rstage.model.group import StageGroup
from rstage.notation.folding import fold
from rstage.notation.glosses import is_blank_form
from rstage.notation.group_text import likely_systems
from rstage.privacy import is_notation
from rstage.reference.choices import DIALECTS
from rstage.reference.dialect_values import parts_of
from rstage.reference.recurrence_words import is_recurrence_word
from rstage.reference.systems import TNM, WITH_R

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rstage.model.stage import Stage
    from rstage.reading.options import Options

LONGEST_CODE = 12
"""Longer texts are no code of a registry."""

_CODE_FIELDS = ("T", "N", "M", "group")
_MOST = 3
_SEPARATORS = " \t\r\n,;:=/-."
# Letters before a numeral, and what keeps them apart; "a II" is a word and a number.
_APART = re.compile(
    r"(?<![^\W_])(?!a )([ryacp]{1,4})[ \u2010-\u2015-]+(?=(?:IV|I{1,3}|[0-4])(?:[A-D][1-3]?)?(?![^\W_]))"
)
_WORD_BEHIND = re.compile(r" +[A-Za-z]{3}")
_CATEGORY = re.compile(r"(?<![^\W_])[ryacpum]*[TNM]{1,2}(?=[0-9XxOoIia+])")


class _Reader(NamedTuple):
    """Options that read a text, as the command line writes them, and what they read."""

    options: str
    texts: tuple[str, ...]


def without_guesses(text: str, found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the findings of a refused text without suggestions that the rest of the text speaks against.

    Behind a word that is no notation, what is no category may be a value of what the word names: the B7 of
    `Child-Pugh B7` is no blood descriptor, and the M5 of `AML M5` no metastasis. A category among others is
    one. And what would be a second value is another thing: the PN0 of `T1 N1 PN0` is no pN0, the No of
    `pT3 N1. No` no N0, nor is that of `No evidence of metastasis`. The text itself is not read with the
    options given.
    """
    if not any(one.suggestions for one in found):
        return list(found)
    ends = {_end(text, one.span[1]) for one in found if _is_word(one)}
    is_run = len(_CATEGORY.findall(text)) > 1
    second = [one.span for one in found if one.code == rules.REPEATED_CATEGORY.code]

    def is_guess(one: Diagnostic) -> bool:
        start, end = one.span
        is_of_word = _end(text, start) in ends and not (is_run and _CATEGORY.match(text, start))
        is_no = text[start:end] in ("No", "NO") and _WORD_BEHIND.match(text, end) is not None
        return is_of_word or is_no or any(low <= start and end <= high for low, high in second)

    def kept(one: Diagnostic) -> tuple[str, ...]:
        return () if is_guess(one) else tuple([said for said in one.suggestions if said != text])

    return [
        replace(one, suggestions=said) if one.suggestions and (said := kept(one)) != one.suggestions else one
        for one in found
    ]


def _is_word(found: Diagnostic) -> bool:
    return found.code == rules.NOT_NOTATION.code and found.span[1] - found.span[0] > 1


def _end(text: str, place: int) -> int:
    """Return where the text before a place ends, without separators."""
    return len(text[:place].rstrip(_SEPARATORS))


def with_suggestion(found: Sequence[Diagnostic], *texts: str) -> list[Diagnostic]:
    """Return findings of which the first error suggests texts too, unless one of them does already."""
    offered = {one for each in found for one in each.suggestions}
    more = tuple(one for one in texts if one not in offered and is_notation(one))
    return _first_error(found, lambda one: replace(one, suggestions=(*one.suggestions, *more)))


def with_recurrence(
    text: str, found: Sequence[Diagnostic], options: Options, read: Callable[[str, Options], Stage | None]
) -> list[Diagnostic]:
    """Return the findings of a text that is refused for a word of recurrence in brackets, with the r-form.

    A word never sets an r (ruling J.2), but an r may be meant: of the whole stage, as r belongs to that.
    """
    errors = [one for one in found if one.severity is Severity.ERROR]
    is_word = [
        one.code == rules.UNKNOWN_BRACKET.code and is_recurrence_word(text[slice(*one.span)].strip(" ()[]"))
        for one in errors
    ]
    if not all(is_word) or any(one.suggestions for one in errors):
        return list(found)
    rest = text
    for one in sorted(errors, key=lambda one: one.span, reverse=True):
        rest = rest[: one.span[0]].rstrip() + rest[one.span[1] :]
    stage = read(rest, options._replace(mode="standard"))
    has_r = stage is not None and (stage.group is None or stage.group.system in WITH_R)
    if stage is None or not has_r or not (stage.categories or stage.group):
        return list(found)
    return with_suggestion(found, str(stage.restaged()))


def with_form(text: str, found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the findings of a refused text, of which the first error says where it is a blank form (J.2)."""
    if not is_blank_form(fold(text).text):
        return list(found)
    return _first_error(found, lambda one: replace(one, message=rules.BLANK_FORM.format(message=one.message)))


def with_joined_letters(
    text: str, found: Sequence[Diagnostic], options: Options, read: Callable[[str, Options], Stage | None]
) -> list[Diagnostic]:
    """Return the findings of a refused group whose letters stand apart from its numeral: `Stage y-I`."""
    joined = _APART.sub(r"\1", text)
    stage = read(joined, options._replace(mode="standard")) if joined != text else None
    return with_suggestion(found, str(stage)) if stage is not None and stage.group else list(found)


def with_reader(
    text: str, found: Sequence[Diagnostic], options: Options, read: Callable[[str, Options], Stage | None]
) -> list[Diagnostic]:
    """Return the findings of a refused text, of which the first error names an option that reads it.

    Args:
        text: the text as given.
        found: what was found in it.
        options: the options that it was read with.
        read: returns the stage of a text, or None.
    """
    if options.dialect is not None or options.system != TNM or len(text.strip()) > LONGEST_CODE:
        return list(found)
    reader = _dialect(text, found, options, read) or _system(text, found, options)
    if reader is None:
        return list(found)

    def named(one: Diagnostic) -> Diagnostic:
        message = rules.READ_WITH.format(message=one.message, options=reader.options)
        return replace(one, message=message)

    texts = [said for said in reader.texts if said not in ("", text.strip())]
    return with_suggestion(_first_error(found, named), *texts)


def _first_error(
    found: Sequence[Diagnostic], changed: Callable[[Diagnostic], Diagnostic]
) -> list[Diagnostic]:
    place = next(place for place, one in enumerate(found) if one.severity is Severity.ERROR)
    return [*found[:place], changed(found[place]), *found[place + 1 :]]


def _dialect(
    text: str, found: Sequence[Diagnostic], options: Options, read: Callable[[str, Options], Stage | None]
) -> _Reader | None:
    """Return the dialects that read a text as a code of its column.

    Without a column nearly every digit is a code of something; only what can be nothing else counts.
    """
    if options.field is not None:
        known = list(_stages(text, options, (options.field,), read))
        return _reader("--dialect", [name for name, _, _ in known], [said for _, _, said in known])
    if rules.REGISTRY_CODE.code not in {one.code for one in found}:
        return None
    known = list(_stages(text, options, _CODE_FIELDS, read))
    known = [one for one in known if one[0] == known[0][0]]
    fields = _reader("--field", [field for _, field, _ in known], [said for _, _, said in known])
    return fields and fields._replace(options=f"--dialect {known[0][0]} {fields.options}")


def _stages(
    text: str, options: Options, fields: Sequence[str], read: Callable[[str, Options], Stage | None]
) -> Iterator[tuple[str, str, str]]:
    """Yield each dialect and column that have a code, and what it says."""
    for dialect in DIALECTS:
        for field in fields:
            rule = dialect_of(dialect).rule_of(text, field)
            is_code = rule is not None and rule[0].notation != NO_NOTATION
            if is_code or field in parts_of(dialect):
                stage = read(text, options._replace(dialect=dialect, field=field))
                if stage is not None:
                    # A value of the dialect alone is no notation that could be suggested.
                    yield dialect, field, str(stage) if is_code else ""


def _system(text: str, found: Sequence[Diagnostic], options: Options) -> _Reader | None:
    """Return the systems that have a value which no list of TNM has: `M2`."""
    if options.field not in (None, "group") or rules.UNKNOWN_VALUE.code not in {one.code for one in found}:
        return None
    likely = likely_systems(text)
    groups = [StageGroup(value=said.value, system=said.system or name) for name, said in likely]
    return _reader("--system", [name for name, _ in likely], list(map(str, groups)))


def _reader(option: str, names: Sequence[str], texts: Sequence[str]) -> _Reader | None:
    if not names:
        return None
    quoted = [f"'{name}'" if " " in name else name for name in dict.fromkeys(names)][:_MOST]
    listed = " or ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))
    return _Reader(f"{option} {listed}", tuple(dict.fromkeys(texts))[:_MOST])
