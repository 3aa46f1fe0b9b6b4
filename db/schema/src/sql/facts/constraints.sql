-- The constraints of tables and domains, except NOT NULL. `definition`: without what can be changed. `inherited`: comes with a constraint of a parent. Last: the numbers of its columns and of those that it refers to.
SELECT 'constraint', 'pg_constraint'::regclass::oid, k.oid, CASE WHEN contypid <> 0 THEN 'pg_type'::regclass ELSE 'pg_class'::regclass END::oid, CASE WHEN contypid <> 0 THEN contypid ELSE conrelid END,
  quote_ident(conname), contype, pg_get_constraintdef(k.oid, true), convalidated, condeferrable, condeferred, NOT conislocal OR conparentid <> 0, conindid, conparentid, confrelid,
  array_to_string(conkey, ' '), array_to_string(confkey, ' ')
FROM pg_constraint k LEFT JOIN relation r ON r.oid = conrelid LEFT JOIN pg_type t ON t.oid = contypid LEFT JOIN own ON own.oid = t.typnamespace
WHERE contype IN ('c', 'p', 'u', 'f', 'x') AND (r.oid IS NOT NULL OR own.oid IS NOT NULL)
