"""Messages of registries and hospitals: NAACCR XML, oBDS, FHIR.

    for record in formats.read("message.xml"): ...
    for found in formats.histories("message.xml"): print(found.history)
    formats.write("bundle.json", "restaged.json")
    assert not formats.verify("restaged.json", "bundle.json")

Each format is a module of this folder that knows no other one; `FORMATS` lists them.
"""

from __future__ import annotations

from .reading import FORMATS, histories, read
from .writing import Written, verify, write

__all__ = ["FORMATS", "Written", "histories", "read", "verify", "write"]
