SELECT 'object', 'pg_extension'::regclass::oid, oid, 1, extname, 0, '', format('EXTENSION %I', extname), NULL,
  format('CREATE EXTENSION %I SCHEMA %s VERSION %L;', extname, extnamespace::regnamespace, extversion)
FROM pg_extension WHERE extname <> 'plpgsql'
UNION ALL
SELECT 'object', 'pg_extension'::regclass::oid, 0, 1, 'plpgsql', 0, '', NULL, NULL, 'DROP EXTENSION IF EXISTS plpgsql;'
WHERE NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'plpgsql')
