"""The tables of the German national delivery as one long table, with a row for each staging.

    python examples/national_tables.py tumors.csv follow_ups.csv > stagings.csv
    rstage history stagings.csv --preset rki --date date --event event --recurrence recurrence

The table of tumors holds the stagings at diagnosis, that of follow-ups what came later; the id of the tumor
joins them. A follow-up that is of no recurrence is left out and counted: it is neither the stage at diagnosis
nor a restaging.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Row = dict[str, str]

TUMOR_ID = "oBDS_RKIPatientTumorId"
METHODS = ("c_p_u_Praefix_T", "c_p_u_Praefix_N", "c_p_u_Praefix_M")
SHARED = ("y_Symbol", "r_Symbol", "a_Symbol", "m_Symbol", *METHODS, "T", "N", "M", "UICC_Stadium")
# The edition has another name in each of the two tables.
EDITIONS = {"tumors": "TNM_Auflage", "follow-ups": "Version"}
HEADER = (TUMOR_ID, "date", "event", "recurrence", "Version", *SHARED)
# How a follow-up judges the whole of the disease; the other letters are no event of a restaging.
EVENTS = {"Y": "recurrence", "P": "progression"}
# Where it judges a part of it, and what a new finding there is.
PLACES = {
    "Verlauf_Lokaler_Tumorstatus": "local",
    "Verlauf_Tumorstatus_Lymphknoten": "regional",
    "Verlauf_Tumorstatus_Fernmetastasen": "distant",
}
# What of a date is not estimated: year and month, or the year. The day is never that of the record.
KNOWN = {"T": 7, "M": 4, "V": 4}


def tumor_rows(row: Mapping[str, str]) -> Iterator[Row]:
    """Yield the clinical and the pathological staging of a tumor."""
    for block in ("_c", "_p"):
        staging = {name: row.get(name + block, "") for name in SHARED}
        edition = {"Version": row.get(EDITIONS["tumors"] + block, "")}
        yield {TUMOR_ID: row[TUMOR_ID], "date": known(row, "Diagnosedatum")} | edition | staging


def follow_up_row(row: Mapping[str, str]) -> Row | None:
    """Return the staging of a follow-up with what happened; None where it is of no recurrence."""
    types = [kind for name, kind in PLACES.items() if row.get(name) == "R"]
    event = EVENTS.get(row.get("Gesamtbeurteilung_Tumorstatus", ""), "recurrence" if types else "")
    if not (row.get("r_Symbol") == "r" or types or event == "recurrence"):
        return None
    staging = {name: row.get(name, "") for name in (EDITIONS["follow-ups"], *SHARED)}
    stated = {"event": event, "recurrence": "+".join(types)}
    return {TUMOR_ID: row[TUMOR_ID], "date": known(row, "Datum_Folgeereignis")} | stated | staging


def known(row: Mapping[str, str], name: str) -> str:
    """Return as much of a date as its column of accuracy says is known."""
    return row.get(name, "")[: KNOWN.get(row.get(f"{name}_Genauigkeit", ""), 10)]


def main() -> None:
    """Write the long table to standard output."""
    tumors, follow_ups = sys.argv[1:]
    target = csv.DictWriter(sys.stdout, HEADER, restval="", delimiter=";", lineterminator="\n")
    target.writeheader()
    with Path(tumors).open(newline="", encoding="utf-8") as source:
        for row in csv.DictReader(source, delimiter=";"):
            target.writerows(tumor_rows(row))
    left = 0
    with Path(follow_ups).open(newline="", encoding="utf-8") as source:
        for row in csv.DictReader(source, delimiter=";"):
            found = follow_up_row(row)
            left += found is None
            target.writerows([found] if found is not None else [])
    print(f"{left} follow-ups of no recurrence left out", file=sys.stderr)


if __name__ == "__main__":
    main()
