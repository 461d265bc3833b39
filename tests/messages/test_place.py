from __future__ import annotations

import pickle

import pytest

from rstage.messages.json_places import TextMap
from rstage.messages.place import Place


def test_places_are_equal_where_they_say_the_same() -> None:
    given, sought = Place(1, "a/b[2]", 3, 5), Place(1, "a/b[2]", seek=lambda: (3, 5))
    assert given == sought
    assert hash(given) == hash(sought)
    assert len({given, sought}) == 1
    assert repr(given) == repr(sought) == "Place(record=1, path='a/b[2]', line=3, column=5)"
    assert str(sought) == "3:5: a/b[2]"
    assert sought.element == "a/b"
    assert sought.to_dict() == {"line": 3, "column": 5, "record": 1, "path": "a/b[2]"}


@pytest.mark.parametrize(
    "other",
    [Place(2, "a", 1, 1), Place(1, "b", 1, 1), Place(1, "a", 2, 1), Place(1, "a", 1, 2), (1, "a", 1, 1)],
)
def test_places_that_say_something_else_differ(other: object) -> None:
    assert Place(1, "a", 1, 1) != other
    assert Place(1, "a", seek=lambda: (1, 1)) != other


def test_a_place_is_sought_once_and_only_when_it_is_asked_for() -> None:
    asked = []

    def seek() -> tuple[int, int]:
        asked.append(1)
        return 7, 9

    place = Place(1, "$", seek=seek)
    assert (place.record, place.path, asked) == (1, "$", [])
    assert (place.line, place.column, place.line_and_column) == (7, 9, (7, 9))
    assert asked == [1]


def test_a_place_never_changes() -> None:
    place = Place(1, "$", seek=lambda: (7, 9))
    for name in ("record", "path", "line", "column", "other"):
        with pytest.raises(AttributeError):
            setattr(place, name, 2)


def test_a_place_is_pickled_with_what_it_says() -> None:
    place = Place(1, "$", seek=lambda: (7, 9))
    assert pickle.loads(pickle.dumps(place)) == place  # noqa: S301  made here


def test_a_path_leads_to_the_member_as_far_as_it_leads() -> None:
    members = TextMap('{"a": 1,\n "b": [{"c": 2},\n  {"c": 3}]}', first_line=4)
    assert members.line_and_column(()) == (4, 1)
    assert members.line_and_column(("b", 1, "c")) == (6, 9)
    assert members.line_and_column(("b", 1, "d")) == (6, 3)
    assert members.line_and_column(("b", 5, "c")) == (5, 7)
