"""RS020 to RS029 configuration and overrides; RS57x what came of overrides.

The examples are command lines, run in a folder with small files: strict.toml and the files whose names begin
with `bad_` are configurations, reviewed.csv and the like hold overrides.
"""

from functools import partial

from rstage.diagnostics import Rule, Severity

_error = partial(Rule, severity=Severity.ERROR, source="rstage design decision")

CONFIGURATION_UNREADABLE = _error(
    code="RS020",
    name="CONFIGURATION_UNREADABLE",
    message="the configuration {file} cannot be read: {why}",
    reason="It is missing, may not be read, or is no UTF-8. Settings that are not read would be passed over.",
    wrong="$ rstage check stages.csv --column dx --config missing.toml",
    right="$ rstage check stages.csv --column dx --config strict.toml",
)
CONFIGURATION_MALFORMED = _error(
    code="RS021",
    name="CONFIGURATION_MALFORMED",
    message="{where}: this is not TOML",
    reason="A configuration is written in TOML 1.0: texts in quotes, true and false, lists in brackets.",
    wrong="$ rstage check stages.csv --column dx --config bad_toml.toml",
    right="$ rstage check stages.csv --column dx --config strict.toml",
)
SETTING_UNKNOWN = _error(
    code="RS022",
    name="SETTING_UNKNOWN",
    message="{where}: there is no setting {key}",
    reason="A setting is named like the long option without its dashes in front, a table like a command. "
    "One that is misspelled would be passed over.",
    wrong="$ rstage check stages.csv --column dx --config bad_name.toml",
    right="$ rstage check stages.csv --column dx --config strict.toml",
)
SETTING_UNUSABLE = _error(
    code="RS023",
    name="SETTING_UNUSABLE",
    message="{where}: {key} cannot be used: {why}",
    reason="A switch is true or false, what can be given several times is a list of texts, everything else "
    "is a text or a number.",
    wrong="$ rstage check stages.csv --column dx --config bad_value.toml",
    right="$ rstage check stages.csv --column dx --config strict.toml",
)
OVERRIDE_LINE = _error(
    code="RS024",
    name="OVERRIDE_LINE",
    message="{file}, line {line}: {why}",
    reason="An override says which finding was reviewed, by whom, why and when. A line that is not "
    "understood would leave out a finding that nobody looked at, or keep one that somebody did.",
    wrong="$ rstage check stages.csv --column dx --overrides bad_reviewed.csv",
    right="$ rstage check reviewed_stages.csv --column dx --overrides reviewed.csv",
)
OVERRIDE_STALE = Rule(
    code="RS570",
    name="OVERRIDE_STALE",
    severity=Severity.WARNING,
    message="the override of {code} matched no finding",
    reason="The record was corrected, or is another one now. An override that is left behind could cover a "
    "mistake that nobody looked at.",
    source="rstage design decision",
    wrong="$ rstage check stages.csv --column dx --overrides reviewed.csv",
    right="$ rstage check reviewed_stages.csv --column dx --overrides reviewed.csv",
)
