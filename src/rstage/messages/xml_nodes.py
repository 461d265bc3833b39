"""The elements of an XML message that are read, each with its place."""

from __future__ import annotations

from rstage.messages.place import Place


class Node:
    """One element. A message has many of them, so what only findings need is worked out when it is asked for.

    Attributes:
        name: its local name. given: names and values of its attributes, in turns, as they stand.
        text: the text directly in it, only of leaves.
        parent: the next element around it that is read.
        children: the elements in it that are read, in order.
        line, column: where its tag begins, from 1; the column counts bytes.
        names: the elements between it and its parent node, which are not read.
        label: what the path shows of an item instead of a number: `[@naaccrId='tnmClinT']`.
    """

    __slots__ = (
        "_path",
        "children",
        "column",
        "given",
        "label",
        "line",
        "name",
        "names",
        "parent",
        "text",
    )

    def __init__(
        self, name: str, given: tuple[str, ...], parent: Node | None, line: int, column: int
    ) -> None:
        self.name = name
        self.given = given
        self.parent = parent
        self.line = line
        self.column = column
        self.text = ""
        self.children: list[Node] = []
        self.names: tuple[str, ...] = ()
        self.label = ""
        self._path = ""

    @property
    def attributes(self) -> dict[str, str]:
        """Its attributes by their names."""
        return dict(zip(self.given[::2], self.given[1::2], strict=True))

    def find(self, name: str) -> Node | None:
        """Return the first child of this name."""
        return next((child for child in self.children if child.name == name), None)

    def all(self, *names: str) -> list[Node]:
        """Return the children of these names, in order."""
        return [child for child in self.children if child.name in names]

    def direct(self, *names: str) -> list[Node]:
        """Return the children of these names that stand in no other element."""
        return [child for child in self.children if child.name in names and not child.names]

    def text_of(self, name: str) -> str:
        """Return the text of the first child of this name without blanks around; empty without one."""
        child = self.find(name)
        return child.text.strip() if child is not None else ""

    @property
    def path(self) -> str:
        """The elements from the root to this one; a number stands where one is repeated."""
        if not self._path:
            above = f"{self.parent.path}/" if self.parent is not None else ""
            if self.names:
                above += "".join([f"{name}/" for name in self.names])
            self._path = f"{above}{self.name}{self.label or self._number()}"
        return self._path

    def _number(self) -> str:
        """Return which of the elements of its name in its parent it is, from the second on."""
        number = 1
        for one in self.parent.children if self.parent is not None else ():
            if one is self:
                return f"[{number}]" if number > 1 else ""
            number += one.name == self.name
        return ""

    def release(self) -> None:
        """Forget the elements in it when they were read: what refers to each other is freed late."""
        for child in self.children:
            if child.children:
                child.release()
        self.children = []

    def place(self, record: int) -> Place:
        """Return where the element stands."""
        return Place(record, self.path, self.line, self.column)
