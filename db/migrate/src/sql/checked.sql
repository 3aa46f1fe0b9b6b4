WITH changed AS ({sql} RETURNING 1)
SELECT CAST(CASE count(*) WHEN 0 THEN '{gone}' ELSE '1' END AS pg_catalog.int4) AS the_version_row_was_there
FROM changed;
