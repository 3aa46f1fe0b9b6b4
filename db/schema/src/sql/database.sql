-- A database as CREATE DATABASE. Earlier servers have fewer columns, so they are read as JSON. template1 may have objects, so
-- it is used unless it differs in what a template determines.
SELECT format('CREATE DATABASE %I OWNER %s TEMPLATE %I ENCODING %L LC_COLLATE %L LC_CTYPE %L',
    {new}::text, datdba::regrole::text, CASE WHEN is_like_template THEN 'template1' ELSE 'template0' END,
    pg_encoding_to_char(encoding), datcollate, datctype)
  || CASE columns ->> 'datlocprovider'
    WHEN 'i' THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L', locale)
      || coalesce(format(' ICU_RULES %L', columns ->> 'daticurules'), '')
    WHEN 'b' THEN format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', locale)
    WHEN 'c' THEN ' LOCALE_PROVIDER libc'
    ELSE ''
  END
  || CASE WHEN is_in_same_tablespace THEN '' ELSE format(' TABLESPACE %I', spcname) END
  || CASE WHEN datconnlimit < 0 THEN '' ELSE format(' CONNECTION LIMIT %s', datconnlimit) END
FROM (
    SELECT d.*, to_jsonb(d) AS columns, coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') AS locale,
      to_jsonb(d) - '{own}'::text[] = to_jsonb(template) - '{own}'::text[] AS is_like_template,
      d.dattablespace = template.dattablespace AS is_in_same_tablespace
    FROM pg_database d, pg_database template
    WHERE d.datname = {name} AND template.datname = 'template1'
  ) AS database
  JOIN pg_tablespace ON pg_tablespace.oid = dattablespace
