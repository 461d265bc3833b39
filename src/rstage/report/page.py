"""The page of a report. It asks for nothing: no script, no font, no picture from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from rstage.reference.tsv import package_text
from rstage.report.charts import definitions
from rstage.report.elements import clipped, document, element
from rstage.report.sections import sections
from rstage.report.words import first_step, lead, needing_a_person

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from rstage.report.content import Content

BEGINNING = b'<!doctype html>\n<html lang="en" data-rstage="report">'
"""What every report begins with, by which an older one is known."""

LARGEST = 2_000_000
"""Bytes that no report has more of: all that it lists is bounded."""

_SHOWN = (
    "Values are shown: this page holds texts of the input as they stand there. Keep it as you keep the "
    "records."
)
_HIDDEN = (
    "Values that are not plain stage notation, names of tumors and dates are hidden; --show-values shows "
    "them."
)
_NOT_A_DEVICE = "rstage is not a medical device: it reads what was written and decides nothing of a patient."


def page(content: Content) -> bytes:
    """Return the page of a report as UTF-8; the same content gives the same bytes."""
    values = needing_a_person(content.counts, content.tally)
    found = sections(content, values)
    links = [element("li", element("a", title, href=f"#{name}")) for name, title, _ in found]
    parts = [
        element("section", element("h2", title, id=name), *inside, aria_labelledby=name)
        for name, title, inside in found
    ]
    facts = content.facts
    value_note = ("danger", _SHOWN) if content.shows_values else ("soft", _HIDDEN)
    body = element(
        "body",
        definitions(),
        element(
            "header",
            element("h1", f"rstage {facts.command}: {clipped(facts.file)}"),
            element("p", lead(facts, content.tally), class_="lead"),
            element(
                "p",
                element("strong", "First: "),
                first_step(facts, content.counts, values),
                class_="first",
            ),
            element("p", value_note[1], class_=value_note[0]),
            element("nav", element("ul", *links), aria_label="Sections"),
        ),
        element("main", *parts),
        element("footer", element("p", f"Made by rstage. {_NOT_A_DEVICE}")),
    )
    head = _head(f"rstage {facts.command}: {clipped(facts.file)}")
    return document(element("html", head, body, lang="en", data_rstage="report")).encode(errors="replace")


def _head(title: str) -> ET.Element:
    style = package_text("data", "report.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    sheet = element("style")
    sheet.text = style  # its lines stay as the digest counts them
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("link", rel="icon", href="data:,"),  # a browser asks for one otherwise
        sheet,
    )
