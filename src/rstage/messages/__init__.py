"""Messages of registries and hospitals: NAACCR XML, oBDS, FHIR.

    for record in messages.read("message.xml"): ...
    for found in messages.histories("message.xml"): print(found.history)
    messages.write("bundle.json", "restaged.json")
    assert not messages.verify("restaged.json", "bundle.json")
    messages.report("bundle.json", "report.html")

Each format is a module of this folder that knows no other one; `FORMATS` lists them.
"""

from __future__ import annotations

from rstage.messages.pictured import report
from rstage.messages.recognize import FORMATS, histories, read
from rstage.messages.writing import Written, verify, write

__all__ = ["FORMATS", "Written", "histories", "read", "report", "verify", "write"]
