"""The components of a text: what the grammar reads at a time, and what is remembered of it.

A text is cut where neither side says anything else for it (cuts.py). What stands between two cuts is a
component: mostly one category, the last one with the descriptors behind it. The grammar reads each component
once, so a new combination of known components costs look-ups. Counts of lymph nodes are two numbers on a
component, because they make nearly every text one that was never seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.caches import CACHE_SIZE, BoundedDict, cached, registered
from rstage.model import facts
from rstage.model.category import Category, positive_nodes_with_n0
from rstage.model.descriptor import Descriptor
from rstage.model.stage import outdated
from rstage.model.suffixes import Suffixes
from rstage.notation.build import build
from rstage.notation.cuts import cut, is_closed
from rstage.notation.settle import needs_neighbors
from rstage.notation.spelling import separators_folded, spelling_folded
from rstage.notation.tree import parse_nodes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.model.facts import StagePart
    from rstage.notation.part import Part
    from rstage.notation.tree import Node

_COUNTS = re.compile(r"(0|[1-9][0-9]{0,2})/(0|[1-9][0-9]{0,2})\)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Component:
    """What the grammar reads of a stretch of a text; all places count in the stretch.

    Attributes:
        text: the stretch.
        nodes, failures: what the grammar made of it.
        parts: what each node says.
        token_kinds: the kinds of their tokens.
        found: every diagnostic of the stretch.
        facts: what the parts say of themselves, as bits, and what the stretch is.
        kinds: the bits of the kinds that are there.
        lowest: the first of them, `BEYOND` where none is there; 0 where something has to be decided between
            the parts.
        values: the value of each part that is no descriptor.
        descriptors: the descriptors.
        is_kept: whether it is remembered, so that what follows from it is worth remembering too.
    """

    text: str
    nodes: tuple[Node, ...]
    failures: tuple[Diagnostic, ...]
    parts: tuple[Part, ...]
    token_kinds: frozenset[str] = frozenset()
    found: tuple[Diagnostic, ...] = ()
    facts: int = 0
    kinds: int = 0
    lowest: int = 0
    values: tuple[StagePart, ...] = ()
    descriptors: tuple[Descriptor, ...] = ()
    is_kept: bool = True


class Placed(NamedTuple):
    """A component in a text: the offset at which it begins."""

    offset: int
    component: Component


class Template(NamedTuple):
    """A component with counts that are to be replaced.

    Attributes:
        component: what the grammar read.
        takes_counts: whether other counts can stand there without anything to be said.
        is_refused: whether it is refused for what stands before them, whatever they are.
        is_n0: whether none of the nodes can be involved.
        suffixes: its suffixes; None where it has nothing but counts.
    """

    component: Component
    takes_counts: bool = False
    is_refused: bool = False
    is_n0: bool = False
    suffixes: Suffixes | None = None

    def with_counts(self, counts: Suffixes) -> Suffixes | None:
        """Return the suffixes with these counts; None where something is to be said of that."""
        if not self.takes_counts or (counts.involved and self.is_n0):
            return None
        if self.suffixes is None:
            return counts
        return replace(self.suffixes, involved=counts.involved, examined=counts.examined)


def placed_components(text: str, start: str = "start") -> list[Placed]:
    """Return the components of a folded text in order; from any other start symbol on it is a single one."""
    if start != "start":
        return [Placed(0, read_component(text, start))]
    stretches, separators = _stretches(text)
    placed, offset = [], 0
    for stretch, separator in zip(stretches, [*separators, ""], strict=True):
        placed.append(Placed(offset, _component(stretch)))
        offset += len(stretch) + len(separator)
    return placed


def _stretches(text: str) -> tuple[list[str], list[str]]:
    """Return the stretches of a folded text that are read one by one, and what separates them."""
    pieces = cut(text)
    stretches, separators = pieces[::2], pieces[1::2]
    if separators and not all(map(is_closed, stretches)):
        return _rejoined(stretches, separators)
    return stretches, separators


def read_nodes(text: str, kinds: frozenset[str] = frozenset()) -> tuple[list[Node], list[Diagnostic]]:
    """Return the nodes of a folded text in order, and a diagnostic for every stretch that no rule reads.

    Args:
        text: the text.
        kinds: the kinds of tokens that are looked for; there are no nodes where none is of them.
    """
    if not text.strip():
        return [], []
    stretches, separators = _stretches(text)
    known = [known_component(stretch) for stretch in stretches]
    if kinds and all(kinds.isdisjoint(component.token_kinds) for component, _ in known):
        return [], []
    nodes: list[Node] = []
    failures: list[Diagnostic] = []
    offset = 0
    for (component, suffixes), stretch, separator in zip(known, stretches, [*separators, ""], strict=True):
        written = component.nodes if suffixes is None else _recounted_nodes(component, stretch)
        nodes += [node.moved(offset) for node in written] if offset else written
        failures += [one.moved(offset) for one in component.failures]
        offset += len(stretch) + len(separator)
    return nodes, failures


def _rejoined(stretches: Sequence[str], separators: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the stretches of a text in which each that is not closed is one with its neighbor.

    That is the one behind it; for the last one it is the one before, because some codes are read only where
    they are the whole text.
    """
    joined, between = [stretches[0]], []
    last = len(stretches) - 1
    for place, (separator, stretch) in enumerate(zip(separators, stretches[1:], strict=True), start=1):
        if is_closed(joined[-1]) and (place < last or is_closed(stretch)):
            joined.append(stretch)
            between.append(separator)
        else:
            joined[-1] += separator + stretch
    return joined, between


def _component(text: str) -> Component:
    known, suffixes = known_component(text)
    return known if suffixes is None else _with_suffixes(known, text, suffixes)


def known_component(text: str) -> tuple[Component, Suffixes | None]:
    """Return what the grammar reads in a stretch, and the suffixes that its N has instead of those read.

    With suffixes the component is that of another stretch, which differs from this one in its counts alone.
    """
    known = KNOWN.get(text)
    return (known, None) if known is not None else new_component(text)


def new_component(text: str) -> tuple[Component, Suffixes | None]:
    """Return the same of a stretch that is not among those read."""
    base, bracket, rest = text.rpartition("(")
    counts = _counts(rest) if bracket else None
    if counts is not None:
        template = _templates.get(base) or _template(base)
        suffixes = template.with_counts(counts)
        if suffixes is not None:
            return template.component, suffixes
        if template.is_refused:
            return _recounted(template.component, text), None
    return KNOWN.keep(text, read_component(text)), None


KNOWN: BoundedDict[str, Component] = registered(BoundedDict(CACHE_SIZE))
"""The components that the grammar read, by their text."""

_templates: BoundedDict[str, Template] = registered(BoundedDict(CACHE_SIZE))


def _template(base: str) -> Template:
    """Read what stands before counts with the least counts that there can be, and remember it."""
    made = read_component(f"{base}(0/1)")
    template = Template(made)
    nodes = made.values[0] if len(made.values) == len(made.parts) == 1 else None
    if isinstance(nodes, Category) and nodes.suffixes.examined == 1 and not made.found:
        is_n0 = positive_nodes_with_n0(nodes.value, replace(nodes.suffixes, involved=1))
        others = None if nodes.suffixes == _counts("0/1)") else nodes.suffixes
        template = Template(made, takes_counts=True, is_n0=is_n0, suffixes=others)
    elif made.facts & facts.REFUSED:
        other = f"{base}(10/12)"  # longer, and with nodes involved
        is_same = _content(_recounted(made, other)) == _content(read_component(other))
        template = Template(made, is_refused=is_same)
    return _templates.keep(base, template)


@cached()
def _counts(text: str) -> Suffixes | None:
    """Return the counts in a text such as `3/17)`, which stands behind a bracket that opens."""
    found = _COUNTS.fullmatch(text)
    if found is None or int(found[1]) > int(found[2]):
        return None
    return Suffixes(involved=int(found[1]), examined=int(found[2]))


def _with_suffixes(template: Component, text: str, suffixes: Suffixes) -> Component:
    """Return a component with other counts than those that the grammar read."""
    (part,) = template.parts
    if not isinstance(part.value, Category):
        raise TypeError("counts stand on a category")
    changed = part.value.changed(part.value.timing, suffixes)
    return replace(
        template,
        text=text,
        nodes=_recounted_nodes(template, text),
        parts=(replace(part, text=text, end=len(text), value=changed),),
        values=(changed,),
        is_kept=False,
    )


def _recounted(template: Component, text: str) -> Component:
    """Return a refused component with other counts at its end, which no diagnostic but that of them shows."""
    counts = text[text.rindex("(") :]
    span = len(text) - len(counts), len(template.text)
    unknown = rules.UNKNOWN_BRACKET.at((span[0], len(text)), text=counts)

    def moved(found: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
        return tuple([unknown if one.span == span else one for one in found])

    *parts, last = template.parts
    end = replace(last, text=text[last.start :], end=len(text), found=moved(last.found))
    return replace(
        template,
        text=text,
        nodes=_recounted_nodes(template, text),
        parts=(*parts, end),
        found=moved(template.found),
        is_kept=False,
    )


def _recounted_nodes(template: Component, text: str) -> tuple[Node, ...]:
    """Return the nodes of a component whose last token are counts, with those of this text."""
    *before, node = template.nodes
    *tokens, token = node.tokens
    written = token._replace(text=text[token.start :], end=len(text))
    return (*before, node._replace(tokens=(*tokens, written), end=len(text)))


def _content(made: Component) -> tuple[object, ...]:
    """Return what a refused component says."""
    parts = [(part.kind, part.span, part.text, part.value, part.letter, part.found) for part in made.parts]
    return made.nodes, made.found, made.facts, made.kinds, made.lowest, parts


def found_in(component: Component, offset: int) -> Sequence[Diagnostic]:
    """Return the diagnostics of a component that begins at an offset of a text."""
    if not offset:
        return component.found
    return _found_in(component, offset) if component.is_kept else _moved(component.found, offset)


@cached()
def _found_in(component: Component, offset: int) -> Sequence[Diagnostic]:
    return _moved(component.found, offset)


def _moved(found: Sequence[Diagnostic], offset: int) -> list[Diagnostic]:
    return [one.moved(offset) for one in found]


@cached()
def timed_values(component: Component, said: int) -> tuple[StagePart, ...]:
    """Return the values of a component with the timing that the facts of a whole text give to each."""
    spread = dict(zip(facts.LETTERS, facts.spread(said), strict=True))
    return tuple(
        [
            value.with_timing(spread[value.letter]) if isinstance(value, Category) else value
            for value in component.values
        ]
    )


def read_component(text: str, start: str = "start") -> Component:
    """Return what the grammar reads in a text from one of its start symbols on."""
    nodes, failures = parse_nodes(text, start)
    parts = tuple([build(node, text) for node in nodes])
    made = Component(
        text=text,
        nodes=tuple(nodes),
        failures=tuple(failures),
        parts=parts,
        token_kinds=frozenset(token.kind for node in nodes for token in node.tokens),
    )
    if failures:
        return _unread(made) if not parts and any(map(str.isalnum, text)) else made
    return _summed_up(made) if _is_plain(parts) else made


def _is_plain(parts: Sequence[Part]) -> bool:
    """Return whether nothing is left to be decided between the parts: each has its value, or is refused."""
    last = 0
    for part in parts:
        if part.glued or part.detached or needs_neighbors(part) or not (part.value or part.has_error):
            return False
        if isinstance(part.value, Category) and outdated(part.value, None):
            return False
        if part.kind != "mistake":
            kind = facts.KINDS.get(part.letter or part.kind, 0)
            if kind <= last:
                return False
            last = kind
    return bool(parts)


def _unread(made: Component) -> Component:
    """Return a component of which the grammar reads nothing."""
    said = facts.UNREAD | facts.FOUND | _open(made.text)
    return replace(made, found=made.failures, facts=said, lowest=facts.BEYOND)


def _open(text: str) -> int:
    return 0 if is_closed(text) else facts.OPEN


def _summed_up(made: Component) -> Component:
    """Return a component with what its parts come to."""
    said, values, descriptors = _open(made.text), [], []
    for part in made.parts:
        value = part.value
        if value is None:
            said |= facts.REFUSED
        elif isinstance(value, Descriptor):
            descriptors.append(value)
        else:
            values.append(value)
        said |= facts.of_part(value)
    kinds = [facts.KINDS[part.letter or part.kind] for part in made.parts if part.kind != "mistake"]
    spelled = [one for part in made.parts for one in (*part.found, *spelling_folded(part))]
    found = (*separators_folded(made.parts, made.text), *spelled)
    return replace(
        made,
        found=found,
        facts=said | bool(found) * facts.FOUND,
        kinds=sum(kinds),
        lowest=kinds[0] if kinds else facts.BEYOND,
        values=tuple(values),
        descriptors=tuple(descriptors),
    )
