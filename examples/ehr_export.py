"""An export of a hospital: FHIR bundles in, one a line; the same bundles with the restagings out.

    python examples/ehr_export.py examples/fhir_synthetic.ndjson restaged.ndjson

Restagings that stand in the bundles are linked to their diagnosis. Those of the hospital's own system, here
`NEW_ASSESSMENTS`, are added: the history of the tumor grows, and what stood in the bundle stays as it was.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rstage import RestagingError, Staging
from rstage import messages as formats

if TYPE_CHECKING:
    from rstage import History
    from rstage.messages.message import TumorHistory

# By tumor: date, what was found, and what happened. In a hospital this comes from its data base.
NEW_ASSESSMENTS = {
    "Condition/c101": ("2025-03-14", "cT0 cN0 pM1(HEP)", "recurrence"),
}


def with_new_assessment(found: TumorHistory) -> History | None:
    """Return the history of a tumor with what the hospital's own system knows, or nothing."""
    assessment = NEW_ASSESSMENTS.get(found.tumor.keys["tumor_id"])
    if assessment is None or found.history is None:
        return None
    date, text, event = assessment
    staging = Staging.parse(text, date=date, tumor_id=found.history.tumor_id)
    try:
        return found.history.restage(staging, event=event)
    except RestagingError as error:
        print(f"not restaged: {error}", file=sys.stderr)
        return None


def main(bundles: str, restaged: str) -> int:
    """Write the bundles with their restagings, and tell what FHIR could not hold."""
    written = formats.write(bundles, restaged, extend=with_new_assessment, force=True)
    print(f"{written.records} bundles, {written.restagings} restagings")
    for finding in written.findings:
        if finding.diagnostic.code == "RS505":
            print(f"bundle {finding.place.record}: {finding.diagnostic}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
