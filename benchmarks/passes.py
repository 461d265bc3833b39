"""What passing over a message costs once everything is loaded, in turns: `passes.py FILE N`.

Prints the least processor time of N passes as JSON: of the bare parser of the notation, of the parser with
what nobody who reads such a message can do without, of rstage reading the records, and of rstage linking
what they hold to histories.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

from rstage import messages
from rstage.messages.recognize import needed_format
from rstage.messages.source import CHUNK, Source

if TYPE_CHECKING:
    from collections.abc import Callable


def bare_xml(path: str) -> None:
    """Let expat call a handler for every tag and every text."""

    def start(_name: str, _attributes: dict[str, str]) -> None:
        pass

    def other(_given: str) -> None:
        pass

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = parser.CharacterDataHandler = other
    with Path(path).open("rb") as source:
        parser.ParseFile(source)


def least_xml(path: str) -> None:
    """Let expat call two handlers, which know how deep they are and pass over the items that are known."""
    seen: set[str] = set()
    depth = 0

    def start(name: str, attributes: list[str]) -> None:
        nonlocal depth
        depth += 1
        if name == "Item" and attributes[1] not in seen:
            seen.add(attributes[1])

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    with Path(path).open("rb") as source:
        while chunk := source.read(CHUNK):
            parser.Parse(chunk, False)  # noqa: FBT003  the parser takes no keyword
        parser.Parse(b"", True)  # noqa: FBT003  likewise


def bare_json(path: str) -> None:
    """Decode each line."""
    with Path(path).open("rb") as source:
        for line in source:
            json.loads(line)


def least_json(path: str) -> None:
    """Decode each line, and look at the type, the patient and the codes of each resource."""
    found: dict[tuple[str, str, str], int] = {}
    with Path(path).open("rb") as source:
        for line in source:
            data = json.loads(line)
            patient = data.get("subject", data).get("reference", "")
            code = data.get("code")
            for coding in code["coding"] if code is not None else ():
                key = (data["resourceType"], coding["system"], coding["code"])
                found[key] = found.get(key, 0) + bool(patient)


def read(path: str) -> None:
    """Read the records."""
    with Source(path) as source:
        for _ in needed_format(source, None).records(source, {}):
            pass


def link(path: str) -> None:
    """Read the records, and make the history of each tumor."""
    for _ in messages.histories(path):
        pass


def main() -> None:
    """Print the least time of each way."""
    path, count = sys.argv[1], int(sys.argv[2])
    is_xml = path.endswith(".xml")
    ways: dict[str, Callable[[str], None]] = {
        "bare": bare_xml if is_xml else bare_json,
        "least": least_xml if is_xml else least_json,
        "read": read,
        "histories": link,
    }
    read(path)
    costs = dict.fromkeys(ways, float("inf"))
    for _ in range(count):
        for name, way in ways.items():
            begun = time.process_time()
            way(path)
            costs[name] = min(costs[name], time.process_time() - begun)
    print(json.dumps(costs))


if __name__ == "__main__":
    main()
