-- The settings of a database, as statements that apply them to another one. SET FROM CURRENT keeps lists as they are.
SELECT format('SELECT set_config(%L, %L, true); %s %I SET %I FROM CURRENT', name, value,
  CASE WHEN setrole = 0 THEN 'ALTER DATABASE' ELSE format('ALTER ROLE %s IN DATABASE', setrole::regrole) END, {to}, name)
FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase
CROSS JOIN LATERAL (SELECT split_part(setting, '=', 1), substring(setting FROM '=(.*)') FROM unnest(setconfig) AS setting) AS parts (name, value)
WHERE datname = {from}
