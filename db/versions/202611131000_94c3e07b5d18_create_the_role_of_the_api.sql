-- create the role of the API
--
-- It reads what the page shows and adds bookings, and nothing else: no UPDATE, no DELETE, no sequence (an identity
-- column needs none). On RDS it signs in with an IAM token, on a laptop through the socket; it has no password.
-- Other databases of the server may also use the role. So it may already exist, and the downgrade keeps it while they
-- do.
--
-- Revision ID: 94c3e07b5d18
-- Revises: 2b96d4e8a1f7
-- Create Date: 2026-11-13T10:00:00Z

-- migrate:upgrade
DO $$
BEGIN
  -- Again, if a migration of another database creates or drops the role in the meantime. The first grant keeps it.
  LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rooms_api') THEN
        CREATE ROLE rooms_api LOGIN;
      END IF;
      GRANT SELECT ON rooms TO rooms_api;
      EXIT;
    EXCEPTION
      WHEN duplicate_object OR unique_violation OR undefined_object THEN NULL;
    END;
  END LOOP;

  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    GRANT rds_iam TO rooms_api;
  END IF;
END;
$$;

GRANT SELECT ON equipment, room_equipment, members, bookings, alembic_version TO rooms_api;
GRANT INSERT (room_id, member_id, during, note, status) ON bookings TO rooms_api;

-- migrate:downgrade
REVOKE ALL ON rooms, equipment, room_equipment, members, bookings, alembic_version FROM rooms_api;

DO $$
BEGIN
  DROP ROLE rooms_api;
EXCEPTION
  WHEN dependent_objects_still_exist THEN NULL;
END;
$$;
