(SELECT rolname FROM pg_class c JOIN pg_roles r ON r.oid = relowner
  WHERE c.oid = to_regclass({table}) AND NOT ({trusted_owner} OR {trusted_schema}))