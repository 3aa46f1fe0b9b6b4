-- One row for each catalog: its name, whether it is shared by all databases, its columns, and a query for the rows that belong
-- to objects of users. The query's columns are the name of the catalog, whether the object is the system's, the name of the
-- object, and one for each column, with names in place of OIDs and of column numbers. `fingerprint.rs` fills in `{…}`.
WITH
skipped_catalog (name) AS (VALUES
  -- Data, and statistics about it.
  ('pg_statistic'), ('pg_statistic_ext_data'), ('pg_largeobject'), ('pg_largeobject_metadata'), ('pg_subscription_rel'),
  -- Determined by the owners and privileges in other catalogs.
  ('pg_shdepend'),
  -- Belongs to no object.
  ('pg_replication_origin')),
-- Columns that differ between equal objects: storage, statistics, hints that only VACUUM resets, and positions.
skipped_column (catalog, name) AS (VALUES
  ('pg_attribute', 'attnum'), ('pg_attribute', 'attcacheoff'), ('pg_attribute', 'attndims'), ('pg_attribute', 'atthasmissing'), ('pg_attribute', 'attisdropped'),
  ('pg_class', 'relfilenode'), ('pg_class', 'relpages'), ('pg_class', 'reltuples'), ('pg_class', 'relallvisible'), ('pg_class', 'relallfrozen'),
  ('pg_class', 'relhasindex'), ('pg_class', 'relhasrules'), ('pg_class', 'relhastriggers'), ('pg_class', 'relhassubclass'), ('pg_class', 'relnatts'), ('pg_class', 'relrewrite'),
  ('pg_database', 'datname'), ('pg_database', 'datlastsysoid'), ('pg_database', 'dathasloginevt'),
  ('pg_db_role_setting', 'setdatabase'), ('pg_depend', 'refobjsubid'), ('pg_index', 'indcheckxmin'), ('pg_subscription', 'subdbid'), ('pg_type', 'typndims')),
-- Columns whose text is not that of their value. Expressions are pretty-printed: otherwise, `a BETWEEN 1 AND 2 AND b` has
-- parentheses that it loses when the text is read again. What may have a secret is hashed: differences are printed.
special (catalog, name, expression) AS (VALUES
  ('pg_attrdef', 'adbin', 'pg_get_expr(adbin, adrelid, true)'),
  -- A column of an index keeps the name that its column had when the index was created.
  ('pg_attribute', 'attname', 'CASE WHEN (SELECT relkind NOT IN (''i'', ''I'') FROM pg_class c WHERE c.oid = attrelid) THEN attname END'),
  -- Of an index, they are what those of its column were when one of both changed, and can't be set.
  ('pg_attribute', 'attcompression', 'CASE WHEN (SELECT relkind NOT IN (''i'', ''I'') FROM pg_class c WHERE c.oid = attrelid) THEN attcompression END'),
  ('pg_attribute', 'attstorage', 'CASE WHEN (SELECT relkind NOT IN (''i'', ''I'') FROM pg_class c WHERE c.oid = attrelid) THEN attstorage END'),
  ('pg_attribute', 'attfdwoptions', 'hashtextextended((SELECT array_agg(i ORDER BY i) FROM unnest(attfdwoptions) i)::text, 0)'),
  ('pg_authid', 'rolpassword', 'rolpassword IS NOT NULL'),
  ('pg_class', 'relacl', 'coalesce(relacl, CASE WHEN relkind = ''S'' THEN acldefault(''s'', relowner) WHEN relkind IN (''r'', ''v'', ''m'', ''f'', ''p'') THEN acldefault(''r'', relowner) END)'),
  ('pg_class', 'relpartbound', 'pg_get_expr(relpartbound, oid)'),
  ('pg_inherits', 'inhseqno', '(SELECT count(*) FROM pg_inherits i WHERE i.inhrelid = t.inhrelid AND i.inhseqno <= t.inhseqno)'),
  -- A table whose replica identity was an index that has been dropped has none.
  ('pg_class', 'relreplident', 'CASE WHEN relreplident <> ''i'' OR EXISTS (SELECT FROM pg_index WHERE indrelid = t.oid AND indisreplident) THEN relreplident ELSE ''n'' END'),
  -- A table keeps the TOAST table if it loses all columns without a fixed length, and has no use for it then.
  ('pg_class', 'reltoastrelid', '(SELECT array_agg(o ORDER BY o) FROM pg_class c, unnest(c.reloptions) o WHERE c.oid = t.reltoastrelid AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = t.oid AND attlen < 0 AND NOT attisdropped))'),
  ('pg_constraint', 'confdelsetcols', '(SELECT array_agg(attname ORDER BY attname) FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY (confdelsetcols))'),
  ('pg_constraint', 'conbin', 'CASE WHEN conbin IS NOT NULL THEN regexp_replace(pg_get_constraintdef(oid, true), '' NOT VALID$'', '''') END'),
  -- A partition or a child that is created after a check of its table that is not valid has a valid one.
  ('pg_constraint', 'convalidated', 'convalidated AND NOT (contype = ''c'' AND coninhcount > 0 AND EXISTS (WITH RECURSIVE above (oid) AS (SELECT inhparent FROM pg_inherits WHERE inhrelid = t.conrelid UNION SELECT inhparent FROM above JOIN pg_inherits ON inhrelid = above.oid) SELECT FROM above JOIN pg_constraint k ON k.conrelid = above.oid WHERE k.conname = t.conname AND NOT k.convalidated))'),
  -- Of a key, it is what it was when the table got or left its parent, and has no effect.
  ('pg_constraint', 'connoinherit', 'CASE WHEN contype IN (''c'', ''n'') THEN connoinherit END'),
  ('pg_database', 'datacl', 'coalesce(datacl, acldefault(''d'', datdba))'),
  ('pg_depend', 'refclassid', 'pg_describe_object(refclassid, refobjid, refobjsubid)'),
  ('pg_enum', 'enumsortorder', '(SELECT count(*) FROM pg_enum e WHERE e.enumtypid = t.enumtypid AND e.enumsortorder <= t.enumsortorder)'),
  ('pg_foreign_data_wrapper', 'fdwacl', 'coalesce(fdwacl, acldefault(''F'', fdwowner))'),
  ('pg_foreign_data_wrapper', 'fdwoptions', 'hashtextextended((SELECT array_agg(i ORDER BY i) FROM unnest(fdwoptions) i)::text, 0)'),
  ('pg_foreign_server', 'srvacl', 'coalesce(srvacl, acldefault(''S'', srvowner))'),
  ('pg_foreign_server', 'srvoptions', 'hashtextextended((SELECT array_agg(i ORDER BY i) FROM unnest(srvoptions) i)::text, 0)'),
  ('pg_foreign_table', 'ftoptions', 'hashtextextended((SELECT array_agg(i ORDER BY i) FROM unnest(ftoptions) i)::text, 0)'),
  ('pg_index', 'indexprs', 'pg_get_expr(indexprs, indrelid, true)'),
  ('pg_index', 'indpred', 'pg_get_expr(indpred, indrelid, true)'),
  ('pg_language', 'lanacl', 'coalesce(lanacl, acldefault(''l'', lanowner))'),
  ('pg_namespace', 'nspacl', 'coalesce(nspacl, acldefault(''n'', nspowner))'),
  ('pg_partitioned_table', 'partexprs', 'CASE WHEN partexprs IS NOT NULL THEN pg_get_partkeydef(partrelid) END'),
  ('pg_policy', 'polqual', 'pg_get_expr(polqual, polrelid, true)'),
  ('pg_policy', 'polroles', '(SELECT array_agg(role ORDER BY role) FROM (SELECT CASE id WHEN 0 THEN ''public'' ELSE id::regrole::text END FROM unnest(polroles) id) i (role))'),
  ('pg_policy', 'polwithcheck', 'pg_get_expr(polwithcheck, polrelid, true)'),
  ('pg_proc', 'proacl', 'coalesce(proacl, acldefault(''f'', proowner))'),
  ('pg_proc', 'proargdefaults', 'pg_get_expr(proargdefaults, 0, true)'),
  ('pg_proc', 'prosqlbody', 'pg_get_function_sqlbody(oid)'),
  ('pg_publication_rel', 'prattrs', '(SELECT array_agg(attname ORDER BY attname) FROM pg_attribute WHERE attrelid = prrelid AND attnum = ANY (prattrs))'),
  ('pg_publication_rel', 'prqual', 'pg_get_expr(prqual, prrelid, true)'),
  ('pg_rewrite', 'ev_action', 'pg_get_ruledef(oid, true)'),
  ('pg_statistic_ext', 'stxexprs', 'array_to_string(pg_get_statisticsobjdef_expressions(oid), E''\n'')'),
  ('pg_subscription', 'subconninfo', 'hashtextextended(subconninfo, 0)'),
  ('pg_tablespace', 'spcacl', 'coalesce(spcacl, acldefault(''t'', spcowner))'),
  ('pg_trigger', 'tgname', 'CASE WHEN NOT tgisinternal THEN tgname END'),
  ('pg_trigger', 'tgparentid', 'regexp_replace(pg_describe_object(''pg_trigger''::regclass, nullif(tgparentid, 0), 0), ''(RI_ConstraintTrigger_[ac]_)[0-9]+'', ''\1'')'),
  ('pg_trigger', 'tgqual', 'CASE WHEN tgqual IS NOT NULL THEN pg_get_triggerdef(oid, true) END'),
  ('pg_type', 'typacl', 'coalesce(typacl, acldefault(''T'', typowner))'),
  ('pg_type', 'typdefault', 'CASE WHEN typdefaultbin IS NULL THEN typdefault END'),
  ('pg_type', 'typdefaultbin', 'pg_get_expr(typdefaultbin, 0, true)'),
  ('pg_user_mapping', 'umoptions', 'hashtextextended((SELECT array_agg(i ORDER BY i) FROM unnest(umoptions) i)::text, 0)')),
-- Rows about an object of any catalog, or about a part of an object: the expressions of `pg_describe_object`.
about (catalog, class, object, part) AS (VALUES
  ('pg_attribute', '''pg_class''::regclass', 'attrelid', 'attnum'),
  ('pg_depend', 'classid', 'objid', 'objsubid'), ('pg_description', 'classoid', 'objoid', 'objsubid'),
  ('pg_init_privs', 'classoid', 'objoid', 'objsubid'), ('pg_seclabel', 'classoid', 'objoid', 'objsubid'),
  ('pg_shdescription', 'classoid', 'objoid', '0'), ('pg_shseclabel', 'classoid', 'objoid', '0')),
-- Objects that PostgreSQL describes with something that changes, or not at all. The name of a database is that of a copy.
described (catalog, expression) AS (VALUES
  ('pg_attribute', 'CASE WHEN (SELECT relkind IN (''i'', ''I'') FROM pg_class c WHERE c.oid = attrelid) THEN format(''column %s of %s'', attnum, pg_describe_object(''pg_class''::regclass, attrelid, 0)) ELSE pg_describe_object(''pg_class''::regclass, attrelid, attnum) END'),
  ('pg_database', '''the database'''),
  ('pg_db_role_setting', 'CASE WHEN setdatabase = 0 THEN format(''role %s'', pg_get_userbyid(setrole)) WHEN setrole = 0 THEN ''the database'' ELSE format(''role %s in the database'', pg_get_userbyid(setrole)) END'),
  ('pg_enum', 'format(''value %L of %s'', enumlabel, pg_describe_object(''pg_type''::regclass, enumtypid, 0))'),
  ('pg_shdescription', 'CASE WHEN classoid = ''pg_database''::regclass THEN ''the database'' ELSE pg_describe_object(classoid, objoid, 0) END'),
  ('pg_shseclabel', 'CASE WHEN classoid = ''pg_database''::regclass THEN ''the database'' ELSE pg_describe_object(classoid, objoid, 0) END'),
  ('pg_trigger', 'regexp_replace(pg_describe_object(''pg_trigger''::regclass, oid, 0), ''(RI_ConstraintTrigger_[ac]_)[0-9]+'', ''\1'')')),
filter (catalog, condition) AS (VALUES
  -- Not TOAST tables, whose names contain OIDs. Their options are shown with their table.
  ('pg_attribute', 'attnum > 0 AND NOT attisdropped AND attrelid <> ALL ({engine}) AND (SELECT relnamespace <> ''pg_toast''::regnamespace FROM pg_class c WHERE c.oid = attrelid)'),
  ('pg_class', 'relnamespace <> ''pg_toast''::regnamespace AND oid <> ALL ({engine})'),
  -- Not the copies of a foreign key for the partitions that it refers to, which PostgreSQL names.
  ('pg_constraint', 'NOT (contype = ''f'' AND EXISTS (SELECT FROM pg_constraint k WHERE k.oid = t.conparentid AND k.conrelid = t.conrelid))'),
  ('pg_database', 'datname = current_database()'),
  ('pg_db_role_setting', 'setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))'),
  -- Only what definitions don't determine: the members of extensions, and the owners of sequences.
  ('pg_depend', '(deptype IN (''e'', ''x'') OR classid = ''pg_class''::regclass AND refclassid = ''pg_class''::regclass AND refobjsubid > 0 AND deptype IN (''a'', ''i'') AND (SELECT relkind = ''S'' FROM pg_class c WHERE c.oid = objid))'),
  ('pg_index', '(SELECT relnamespace <> ''pg_toast''::regnamespace FROM pg_class c WHERE c.oid = indexrelid)'),
  ('pg_namespace', 'nspname !~ ''^pg_(toast_)?temp_'''),
  ('pg_shdescription', '(classoid <> ''pg_database''::regclass OR objoid = (SELECT oid FROM pg_database WHERE datname = current_database()))'),
  ('pg_shseclabel', '(classoid <> ''pg_database''::regclass OR objoid = (SELECT oid FROM pg_database WHERE datname = current_database()))'),
  ('pg_subscription', 'subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())'),
  -- The triggers of a foreign key are part of it, unless they are disabled.
  ('pg_trigger', '(NOT tgisinternal OR tgenabled <> ''O'')'),
  -- Array types are part of their element type.
  ('pg_type', 'NOT (typelem <> 0 AND typlen = -1 AND typtype = ''b'')')),
-- Objects of a new database that can be dropped: their rows are always read.
droppable (catalog, condition) AS (VALUES
  ('pg_description', 'classoid IN (''pg_namespace''::regclass, ''pg_extension''::regclass, ''pg_language''::regclass)'),
  ('pg_extension', 'true'), ('pg_init_privs', 'classoid = ''pg_namespace''::regclass'), ('pg_language', 'true'), ('pg_namespace', 'true')),
reference AS (SELECT fktable AS catalog, fkcols AS columns, pktable::text AS target, is_array FROM pg_get_catalog_foreign_keys()),
catalog AS (
  SELECT c.oid, relname::text AS name, relisshared AS is_shared, EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'oid') AS has_oid
  FROM pg_class c
  WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r' AND relname::text NOT IN (SELECT name FROM skipped_catalog)),
-- The object of a row without an OID of its own is what its first reference refers to.
subject AS (
  SELECT c.oid, coalesce(a.object, CASE WHEN has_oid THEN 'oid' ELSE owner.object END) AS object,
    coalesce(described.expression, format('pg_describe_object(%s, %s, %s)',
      coalesce(a.class, quote_literal(CASE WHEN has_oid THEN c.name ELSE owner.target END) || '::regclass'),
      coalesce(a.object, CASE WHEN has_oid THEN 'oid' ELSE owner.object END), coalesce(a.part, '0'))) AS description
  FROM catalog c LEFT JOIN about a ON a.catalog = c.name LEFT JOIN described ON described.catalog = c.name
  LEFT JOIN LATERAL (
    SELECT target, columns[1] AS object FROM reference r JOIN pg_attribute ON attrelid = c.oid AND attname = columns[1]
    WHERE r.catalog = c.oid AND cardinality(columns) = 1 AND NOT is_array ORDER BY attnum LIMIT 1) owner ON NOT has_oid),
shown AS (
  SELECT c.oid, c.name AS catalog, attnum, attname::text AS name, atttypid::regtype::text AS type, r.target, r.is_array, r.columns[1] AS relation, s.expression,
    CASE r.target
      WHEN 'pg_class' THEN 'nullif({}, 0)::regclass' WHEN 'pg_type' THEN 'nullif({}, 0)::regtype' WHEN 'pg_proc' THEN 'nullif({}, 0)::regprocedure'
      WHEN 'pg_operator' THEN 'nullif({}, 0)::regoperator' WHEN 'pg_namespace' THEN 'nullif({}, 0)::regnamespace' WHEN 'pg_authid' THEN 'nullif({}, 0)::regrole'
      WHEN 'pg_collation' THEN 'nullif({}, 0)::regcollation' WHEN 'pg_ts_config' THEN 'nullif({}, 0)::regconfig' WHEN 'pg_ts_dict' THEN 'nullif({}, 0)::regdictionary'
      ELSE format('pg_describe_object(%L::regclass, nullif({}, 0), 0)', r.target) END AS named
  FROM catalog c JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
  LEFT JOIN reference r ON r.catalog = c.oid AND r.columns[cardinality(r.columns)] = attname::text
  LEFT JOIN special s ON s.catalog = c.name AND s.name = attname::text
  WHERE attname <> 'oid' AND has_column_privilege(c.oid, attnum, 'SELECT')
    AND (c.name, attname::text) NOT IN (SELECT catalog, name FROM skipped_column)
    AND attname::text NOT IN (SELECT unnest(ARRAY[class, object, part]) FROM about WHERE about.catalog = c.name)
    AND (atttypid NOT IN ('oid'::regtype, 'xid'::regtype, 'pg_lsn'::regtype, 'anyarray'::regtype) OR r.target IS NOT NULL OR s.name IS NOT NULL)),
field AS (
  SELECT oid, attnum, name, CASE
    WHEN type = 'aclitem[]' THEN format('(SELECT array_agg(i::text ORDER BY i::text) FROM unnest(%s) i)', coalesce(expression, quote_ident(name)))
    WHEN expression IS NOT NULL THEN expression
    WHEN type = 'text[]' AND name ~ '(options|config)$' THEN format('(SELECT array_agg(i ORDER BY i) FROM unnest(%I) i)', name)
    WHEN type = 'pg_node_tree' THEN format('%I IS NOT NULL', name)
    WHEN target = 'pg_attribute' AND is_array THEN format(
      '(SELECT array_agg(coalesce(attname::text, i.number::text) ORDER BY %s) FROM unnest(%I::int2[]) WITH ORDINALITY i (number, place) LEFT JOIN pg_attribute a ON a.attrelid = t.%I AND a.attnum = i.number)',
      -- In these, the order is that of the columns' numbers.
      CASE WHEN catalog IN ('pg_statistic_ext', 'pg_trigger') THEN 'attname' WHEN name = 'conkey' THEN 'CASE WHEN contype = ''c'' THEN attname END, i.place' ELSE 'i.place' END, name, relation)
    WHEN target = 'pg_attribute' THEN format('(SELECT attname FROM pg_attribute a WHERE a.attrelid = t.%I AND a.attnum = t.%I)', relation, name)
    WHEN is_array THEN format('(SELECT array_agg(%s ORDER BY i.place) FROM unnest(%I::oid[]) WITH ORDINALITY i (id, place))', replace(named, '{}', 'i.id'), name)
    WHEN target IS NOT NULL THEN replace(named, '{}', quote_ident(name) || '::oid')
    ELSE quote_ident(name) END AS expression
  FROM shown),
fields AS (SELECT oid, string_agg(name, ' ' ORDER BY attnum) AS names, string_agg(expression, ', ' ORDER BY attnum) AS expressions FROM field GROUP BY oid)
SELECT name, is_shared, names, format('SELECT %L, %s, %s, %s FROM %I t WHERE %s', name,
    CASE WHEN is_shared THEN 'false' ELSE format('%s < 16384 AND NOT %s', object, coalesce('(' || droppable.condition || ')', 'false')) END,
    description, expressions, name,
    concat_ws(' AND ', CASE WHEN NOT is_shared THEN format('({which %s}%s)', object, ' OR ' || droppable.condition) END, filter.condition, CASE WHEN is_shared AND filter.condition IS NULL THEN 'true' END))
FROM catalog JOIN subject USING (oid) JOIN fields USING (oid)
LEFT JOIN filter ON filter.catalog = catalog.name LEFT JOIN droppable ON droppable.catalog = catalog.name
ORDER BY name
