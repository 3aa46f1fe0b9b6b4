-- The last row of each file, with those of its objects that still exist. Intact: all of them exist, and no relation
-- that its text names has been dropped.
SELECT name, operation, checksum, array_to_string(existing, E'\n'),
  cardinality(existing) = cardinality(created)
  AND NOT EXISTS (SELECT FROM unnest(relations) AS named (oid) WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = named.oid)) AS is_intact
FROM (
  SELECT last.*, ARRAY(
    SELECT object
    FROM unnest(created) WITH ORDINALITY AS own (object, number), CAST(split_part(object, ' ', 1) AS oid) AS own_oid
    WHERE CASE split_part(object, ' ', 2)
      WHEN 'view' THEN EXISTS (SELECT FROM pg_class WHERE oid = own_oid AND relkind = 'v')
      WHEN 'trigger' THEN EXISTS (SELECT FROM pg_trigger WHERE oid = own_oid)
      WHEN 'policy' THEN EXISTS (SELECT FROM pg_policy WHERE oid = own_oid)
      ELSE EXISTS (SELECT FROM pg_proc WHERE oid = own_oid)
    END
    ORDER BY number
  ) AS existing
  FROM (SELECT DISTINCT ON (name) * FROM {objects} ORDER BY name, id DESC) AS last
) AS found
ORDER BY name
