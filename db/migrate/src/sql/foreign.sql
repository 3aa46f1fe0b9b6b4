SELECT c.oid::regclass, quote_ident(rolname), quote_ident(current_user)
FROM unnest(ARRAY[{names}]) WITH ORDINALITY AS own (name, number)
  JOIN pg_class c ON c.oid = to_regclass(name) JOIN pg_roles r ON r.oid = relowner
WHERE NOT pg_has_role(relowner, 'USAGE')
ORDER BY number LIMIT 1
