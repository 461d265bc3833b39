-- Functions that read and restage cancer stages inside PostgreSQL (13 and later), with PL/Python and rstage.
--
--     psql -d registry -f sql/postgres.sql
--
-- A superuser creates them, once in each database. docs/postgresql.md says how the server finds rstage.
-- They say what `rstage.read` and `rstage restage` say: every rule is in the library. What they return depends
-- on their arguments and the version of rstage alone, so that they may stand in an index; after another
-- version was installed, REINDEX such an index.

BEGIN;

CREATE EXTENSION IF NOT EXISTS plpython3u;

-- The canonical text; NULL where the stage is missing or could not be read.
CREATE OR REPLACE FUNCTION rstage_normalize(
    stage text,
    mode text DEFAULT NULL,
    field text DEFAULT NULL,
    dialect text DEFAULT NULL,
    system text DEFAULT NULL,
    edition text DEFAULT NULL
) RETURNS text LANGUAGE plpython3u IMMUTABLE PARALLEL SAFE COST 1000 AS $$
from rstage import postgresql

return postgresql.normalize(stage, mode=mode, field=field, dialect=dialect, system=system, edition=edition)
$$;

-- The codes of what was found, with a blank between; empty where all is well, NULL where the stage is missing.
CREATE OR REPLACE FUNCTION rstage_findings(
    stage text,
    mode text DEFAULT NULL,
    field text DEFAULT NULL,
    dialect text DEFAULT NULL,
    system text DEFAULT NULL,
    edition text DEFAULT NULL
) RETURNS text LANGUAGE plpython3u IMMUTABLE PARALLEL SAFE COST 1000 AS $$
from rstage import postgresql

return postgresql.findings(stage, mode=mode, field=field, dialect=dialect, system=system, edition=edition)
$$;

-- The restaging of a row; all of it is NULL without an assessment. Without assessment_tumor_id the tumor of
-- the row is that of both stages, so that no second primary can be told.
CREATE OR REPLACE FUNCTION rstage_restage(
    diagnosis text,
    assessment text,
    tumor_id text DEFAULT NULL,
    assessment_tumor_id text DEFAULT 'rstage: the same tumor',
    diagnosis_date text DEFAULT NULL,
    assessment_date text DEFAULT NULL,
    site text DEFAULT NULL,
    assessment_site text DEFAULT NULL,
    event text DEFAULT NULL,
    recurrence text DEFAULT NULL,
    mode text DEFAULT NULL,
    field text DEFAULT NULL,
    dialect text DEFAULT NULL,
    system text DEFAULT NULL,
    edition text DEFAULT NULL,
    date_format text DEFAULT NULL,
    OUT restaged text,
    OUT restage_recurrence text,
    OUT restage_link text,
    OUT restage_findings text
) LANGUAGE plpython3u IMMUTABLE PARALLEL SAFE COST 2000 AS $$
from rstage import postgresql

facts = {
    "tumor_id": tumor_id,
    "assessment_tumor_id": assessment_tumor_id,
    "diagnosis_date": diagnosis_date,
    "assessment_date": assessment_date,
    "site": site,
    "assessment_site": assessment_site,
    "event": event,
    "recurrence": recurrence,
}
return postgresql.restage(
    diagnosis, assessment, facts,
    mode=mode, field=field, dialect=dialect, system=system, edition=edition, date_format=date_format,
)
$$;

COMMIT;
