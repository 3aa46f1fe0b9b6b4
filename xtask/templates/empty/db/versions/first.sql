-- create notes
--
-- The role of the API may read and add notes, and nothing else. On RDS it signs in with an IAM token, on a laptop through
-- the socket; it has no password. Roles belong to the server, so it may already exist, and the downgrade keeps it if
-- another database uses it.
--
-- Revision ID: {{revision}}
-- Revises:
-- Create Date: {{date}}

-- migrate:upgrade
CREATE TABLE notes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  body text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

DO $$
BEGIN
  -- Again, if a migration of another database creates or drops the role in the meantime. The first grant keeps it.
  LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{{role}}') THEN
        CREATE ROLE {{role}} LOGIN;
      END IF;
      GRANT SELECT ON notes TO {{role}};
      EXIT;
    EXCEPTION
      WHEN duplicate_object OR unique_violation OR undefined_object THEN NULL;
    END;
  END LOOP;

  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    GRANT rds_iam TO {{role}};
  END IF;
END;
$$;

GRANT INSERT (body) ON notes TO {{role}};
GRANT SELECT ON alembic_version TO {{role}};

-- migrate:downgrade
REVOKE ALL ON notes, alembic_version FROM {{role}};
DROP TABLE notes;

DO $$
BEGIN
  DROP ROLE {{role}};
EXCEPTION
  WHEN dependent_objects_still_exist THEN NULL;
END;
$$;
