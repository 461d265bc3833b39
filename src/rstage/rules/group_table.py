"""RS350 to RS355 stage groups against a table of the user; RS040 to RS045 the table itself.

The examples are command lines, run in a folder with small files: groups.tsv is a group table, grouped.csv has
stages with their groups, and what the others are for is in their names.
"""

from functools import partial

from rstage.diagnostics import Rule, Severity

_error = partial(Rule, severity=Severity.ERROR, source="rstage design decision")
_info = partial(Rule, severity=Severity.INFO, source="the group table that the user gives")
_RIGHT = "$ rstage check grouped.csv --column good --group-table groups.tsv"

GROUP_TABLE_UNREADABLE = _error(
    code="RS040",
    name="GROUP_TABLE_UNREADABLE",
    message="the group table {file} cannot be read: {why}",
    reason="It is missing, may not be read, is no UTF-8, is a damaged archive, or is too large.",
    wrong="$ rstage check grouped.csv --column good --group-table missing.tsv",
    right=_RIGHT,
)
GROUP_TABLE_UNUSABLE = _error(
    code="RS041",
    name="GROUP_TABLE_UNUSABLE",
    message="{file} is no group table: {why}",
    reason="It is a table with the columns T, N, M and group, or a folder or zip in the layout of the SEER "
    "staging algorithms whose schemas derive a stage group.",
    wrong="$ rstage check grouped.csv --column good --group-table stages.csv",
    right=_RIGHT,
)
GROUP_TABLE_LINE = _error(
    code="RS042",
    name="GROUP_TABLE_LINE",
    message="{file}, line {line}: {why}",
    reason="A group table with a line that is not understood would say less than its author meant.",
    wrong="$ rstage check grouped.csv --column good --group-table bad_groups.tsv",
    right=_RIGHT,
)
GROUP_CONTRADICTS = Rule(
    code="RS350",
    name="GROUP_CONTRADICTS",
    severity=Severity.WARNING,
    message="the group table has {given} for these categories, not {stated}",
    reason="A group follows from T, N and M. One that does not is a slip in the group or in a category, or "
    "comes from another site or edition than the table. Which of the two is right is not decided.",
    source="the group table that the user gives",
    wrong="$ rstage check grouped.csv --column wrong --group-table groups.tsv",
    right=_RIGHT,
)
NO_GROUP_IN_TABLE = _info(
    code="RS351",
    name="NO_GROUP_IN_TABLE",
    message="the group table has no line for these categories",
    reason="The group beside them, if there is one, was not compared, and none is derived.",
    wrong="$ rstage check grouped.csv --column unlisted --group-table groups.tsv",
    right=_RIGHT,
)
SITE_NOT_IN_GROUP_TABLE = _info(
    code="RS352",
    name="SITE_NOT_IN_GROUP_TABLE",
    message="the group table has nothing for this site",
    reason="The same categories have another group at another site, so that nothing was compared or derived.",
    wrong="$ rstage check grouped.csv --column good --group-table groups_of_sites.tsv --site =C50.1",
    right="$ rstage check grouped.csv --column good --group-table groups_of_sites.tsv --site =C34.1",
)
