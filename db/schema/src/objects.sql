-- One row for each object that revisions can create; `schema.rs` sorts them. The columns are the object's catalog and OID,
-- its sort key (rank, group, place in the group, name), and its SQL.
--
-- Names appear as with `search_path = public`. Objects of extensions and the engine's own tables are omitted. Owners are
-- included only if they differ from the role that migrates, privileges only if they differ from the defaults.
WITH
engine AS (SELECT unnest(ARRAY[{engine}]::oid[]) AS oid),
migrator AS (SELECT coalesce((SELECT relowner FROM pg_class JOIN engine USING (oid) LIMIT 1), (SELECT oid FROM pg_roles WHERE rolname = current_user)) AS role),
-- Members of extensions, and objects created with a range type.
member AS MATERIALIZED (SELECT classid, objid FROM pg_depend WHERE deptype = 'e' OR (deptype = 'i' AND classid IN ('pg_proc'::regclass, 'pg_cast'::regclass))),
own AS MATERIALIZED (
  SELECT oid, nspname, nspowner, nspacl FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
),
relation AS MATERIALIZED (
  SELECT c.*, c.oid::regclass::text AS name, CASE WHEN relkind IN ('v', 'm') THEN 6 ELSE 5 END AS rank,
    CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END AS kind,
    CASE WHEN reloptions IS NOT NULL THEN format(' WITH (%s)', (
      SELECT string_agg(format('%s=%s', split_part(o, '=', 1), CASE WHEN substr(o, strpos(o, '=') + 1) ~ '^[a-z0-9.-]+$' THEN substr(o, strpos(o, '=') + 1) ELSE quote_literal(substr(o, strpos(o, '=') + 1)) END), ', ' ORDER BY o) FROM unnest(reloptions) o)) END AS options,
    CASE WHEN reltablespace <> 0 THEN (SELECT format(' TABLESPACE %I', spcname) FROM pg_tablespace t WHERE t.oid = reltablespace) END AS tablespace
  FROM pg_class c JOIN own ON own.oid = relnamespace
  WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'c', 'f') AND c.oid NOT IN (SELECT oid FROM engine)
    AND ('pg_class'::regclass::oid, c.oid) NOT IN (SELECT classid, objid FROM member)
),
sequence_options AS MATERIALIZED (
  SELECT seqrelid, concat_ws(' ',
    CASE WHEN seqincrement <> 1 THEN format('INCREMENT BY %s', seqincrement) END,
    CASE WHEN seqmin <> CASE WHEN seqincrement > 0 THEN 1 ELSE least END THEN format('MINVALUE %s', seqmin) END,
    CASE WHEN seqmax <> CASE WHEN seqincrement > 0 THEN most ELSE -1 END THEN format('MAXVALUE %s', seqmax) END,
    CASE WHEN seqstart <> CASE WHEN seqincrement > 0 THEN seqmin ELSE seqmax END THEN format('START WITH %s', seqstart) END,
    CASE WHEN seqcache <> 1 THEN format('CACHE %s', seqcache) END,
    CASE WHEN seqcycle THEN 'CYCLE' END) AS options
  FROM pg_sequence, LATERAL (SELECT
    CASE seqtypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 ELSE 9223372036854775807 END AS most,
    CASE seqtypid WHEN 'int2'::regtype THEN -32768 WHEN 'int4'::regtype THEN -2147483648 ELSE -9223372036854775808 END AS least) limits
),
-- Sequences that belong to a column: `i` for identity columns, `a` for `OWNED BY`.
owned AS MATERIALIZED (
  SELECT d.objid AS sequence, d.refobjid AS relation, d.refobjsubid AS attnum, d.deptype
  FROM pg_depend d JOIN relation s ON s.oid = d.objid AND s.relkind = 'S'
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
),
attribute AS MATERIALIZED (
  SELECT a.*, r.name AS relation, r.relkind, r.kind, r.relispartition, r.relowner,
    pg_get_expr(d.adbin, d.adrelid, true) AS expression,
    (SELECT pg_get_expr(pd.adbin, pd.adrelid, true) FROM pg_inherits i JOIN pg_attribute pa ON pa.attrelid = i.inhparent AND pa.attname = a.attname
      LEFT JOIN pg_attrdef pd ON pd.adrelid = pa.attrelid AND pd.adnum = pa.attnum WHERE i.inhrelid = a.attrelid AND r.relispartition) AS parent_expression,
    (SELECT pa.attnotnull FROM pg_inherits i JOIN pg_attribute pa ON pa.attrelid = i.inhparent AND pa.attname = a.attname
      WHERE i.inhrelid = a.attrelid AND r.relispartition) AS parent_not_null,
    col_description(a.attrelid, a.attnum) AS comment
  FROM pg_attribute a JOIN relation r ON r.oid = a.attrelid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped AND r.relkind <> 'S'
),
columns AS MATERIALIZED (
  SELECT attrelid,
    string_agg(CASE WHEN attislocal AND NOT relispartition THEN concat('  ', quote_ident(attname), ' ', format_type(atttypid, atttypmod),
      CASE WHEN attcollation <> (SELECT typcollation FROM pg_type t WHERE t.oid = atttypid) AND attcollation <> 0 THEN format(' COLLATE %s', attcollation::regcollation) END,
      CASE WHEN attgenerated = 's' THEN format(' GENERATED ALWAYS AS (%s) STORED', expression)
        WHEN attgenerated = 'v' THEN format(' GENERATED ALWAYS AS (%s) VIRTUAL', expression)
        WHEN attidentity <> '' THEN concat(' GENERATED ', CASE attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, ' AS IDENTITY',
          (SELECT format(' (%s)', o) FROM (SELECT concat_ws(' ', CASE WHEN s.relname <> concat(t.relname, '_', attname, '_seq') THEN format('SEQUENCE NAME %s', s.name) END, nullif(q.options, '')) AS o
            FROM owned JOIN relation s ON s.oid = sequence JOIN sequence_options q ON q.seqrelid = s.oid JOIN pg_class t ON t.oid = attrelid
            WHERE owned.relation = attrelid AND owned.attnum = attribute.attnum AND deptype = 'i') named WHERE o <> ''))
        WHEN expression IS NOT NULL AND relkind IN ('r', 'p', 'f') THEN format(' DEFAULT %s', expression) END,
      CASE WHEN attnotnull AND attidentity = '' THEN ' NOT NULL' END) END, E',\n' ORDER BY attnum) AS list,
    string_agg(nullif(concat_ws(E'\n',
      CASE WHEN relispartition AND attgenerated = '' AND expression IS DISTINCT FROM parent_expression
        THEN format('ALTER TABLE %s ALTER COLUMN %I %s;', relation, attname, coalesce('SET DEFAULT ' || expression, 'DROP DEFAULT')) END,
      CASE WHEN relispartition AND attnotnull AND NOT parent_not_null THEN format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL;', relation, attname) END,
      CASE WHEN relkind IN ('v', 'm') AND expression IS NOT NULL THEN format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s;', relation, attname, expression) END,
      CASE WHEN relkind IN ('r', 'p', 'm') AND attstorage <> (SELECT typstorage FROM pg_type t WHERE t.oid = atttypid)
        THEN format('ALTER TABLE %s ALTER COLUMN %I SET STORAGE %s;', relation, attname, CASE attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END) END,
      CASE to_jsonb(attribute) ->> 'attcompression' WHEN 'p' THEN format('ALTER TABLE %s ALTER COLUMN %I SET COMPRESSION pglz;', relation, attname)
        WHEN 'l' THEN format('ALTER TABLE %s ALTER COLUMN %I SET COMPRESSION lz4;', relation, attname) END,
      CASE WHEN attstattarget >= 0 THEN format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS %s;', relation, attname, attstattarget) END,
      CASE WHEN attoptions IS NOT NULL THEN format('ALTER TABLE %s ALTER COLUMN %I SET (%s);', relation, attname, array_to_string(attoptions, ', ')) END,
      CASE WHEN comment IS NOT NULL THEN format('COMMENT ON COLUMN %s.%I IS %L;', relation, attname, comment) END,
      (SELECT string_agg(format('GRANT %s (%I) ON %s TO %s%s;', privilege_type, attname, relation, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END), E'\n' ORDER BY grantee::regrole::text, privilege_type)
        FROM aclexplode(attacl))), ''), E'\n' ORDER BY attnum) AS more
  FROM attribute GROUP BY attrelid
),
-- Constraints are part of CREATE TABLE where possible. Not possible are NOT VALID constraints, which would be validated
-- there, and foreign keys, which may need a table that is created later.
restriction AS MATERIALIZED (
  SELECT k.oid, k.conname, k.conrelid, k.contypid, pg_get_constraintdef(k.oid, true) AS definition,
    k.contype IN ('p', 'u', 'x', 'c') AND k.convalidated AND NOT EXISTS (SELECT FROM pg_class f WHERE f.oid = k.conrelid AND f.relkind = 'f') AS is_inline,
    k.contype, k.conindid
  FROM pg_constraint k
  WHERE k.contype IN ('p', 'u', 'x', 'c', 'f') AND k.conislocal AND k.conparentid = 0
    AND (k.conrelid IN (SELECT oid FROM relation) OR k.contypid IN (SELECT t.oid FROM pg_type t JOIN own ON own.oid = typnamespace))
),
routine AS MATERIALIZED (
  SELECT p.*, format('%s %s', CASE prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END, p.oid::regprocedure) AS target
  FROM pg_proc p JOIN own ON own.oid = pronamespace WHERE ('pg_proc'::regclass::oid, p.oid) NOT IN (SELECT classid, objid FROM member)
),
kind AS MATERIALIZED (
  SELECT t.*, t.oid::regtype::text AS name FROM pg_type t JOIN own ON own.oid = typnamespace
  WHERE typtype IN ('e', 'd', 'r') AND ('pg_type'::regclass::oid, t.oid) NOT IN (SELECT classid, objid FROM member)
),
-- target: the object as COMMENT ON, ALTER … OWNER and GRANT name it, if they support it.
object (class, id, rank, grp, place, name, target, owner, acl_kind, acl, sql) AS (
  SELECT 'pg_namespace'::regclass, oid, 0, nspname::text, 0, '', format('SCHEMA %I', nspname), nspowner, 'n', nspacl,
    CASE WHEN nspname <> 'public' THEN format('CREATE SCHEMA %I;', nspname) END
  FROM own WHERE ('pg_namespace'::regclass::oid, oid) NOT IN (SELECT classid, objid FROM member)
UNION ALL
  SELECT 'pg_extension'::regclass, oid, 1, extname::text, 0, '', format('EXTENSION %I', extname), NULL, NULL, NULL,
    format('CREATE EXTENSION %I SCHEMA %s VERSION %L;', extname, extnamespace::regnamespace, extversion)
  FROM pg_extension WHERE extname <> 'plpgsql'
UNION ALL
  SELECT 'pg_collation'::regclass, c.oid, 2, c.oid::regcollation::text, 0, '', format('COLLATION %s', c.oid::regcollation), collowner, NULL, NULL,
    format('CREATE COLLATION %s (PROVIDER = %s, LOCALE = %L%s);', c.oid::regcollation, CASE collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
      coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale', collcollate::text), CASE WHEN NOT collisdeterministic THEN ', DETERMINISTIC = false' END)
  FROM pg_collation c JOIN own ON own.oid = collnamespace WHERE ('pg_collation'::regclass::oid, c.oid) NOT IN (SELECT classid, objid FROM member)
UNION ALL
  SELECT 'pg_type'::regclass, oid, 2, name, 0, '', format('%s %s', CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, name), typowner, 'T', typacl,
    CASE typtype
      WHEN 'e' THEN format(E'CREATE TYPE %s AS ENUM (\n%s\n);', name, (SELECT string_agg(format('  %L', enumlabel), E',\n' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = kind.oid))
      WHEN 'd' THEN concat('CREATE DOMAIN ', name, ' AS ', format_type(typbasetype, typtypmod),
        CASE WHEN typcollation <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = kind.typbasetype) THEN format(' COLLATE %s', typcollation::regcollation) END,
        ' DEFAULT ' || coalesce(pg_get_expr(typdefaultbin, 0, true), typdefault), CASE WHEN typnotnull THEN ' NOT NULL' END,
        (SELECT string_agg(format(E'\n  CONSTRAINT %I %s', conname, definition), '' ORDER BY conname) FROM restriction WHERE contypid = kind.oid AND is_inline), ';')
      ELSE (SELECT concat('CREATE TYPE ', name, ' AS RANGE (SUBTYPE = ', rngsubtype::regtype,
          (SELECT format(', SUBTYPE_OPCLASS = %I.%I', (SELECT nspname FROM pg_namespace n WHERE n.oid = opcnamespace), opcname) FROM pg_opclass o WHERE o.oid = rngsubopc AND NOT opcdefault),
          CASE WHEN rngcollation <> 0 THEN format(', COLLATION = %s', rngcollation::regcollation) END,
          CASE WHEN rngcanonical <> 0 THEN format(', CANONICAL = %s', rngcanonical::regproc) END,
          CASE WHEN rngsubdiff <> 0 THEN format(', SUBTYPE_DIFF = %s', rngsubdiff::regproc) END,
          ', MULTIRANGE_TYPE_NAME = ' || (to_jsonb(r) ->> 'rngmultitypid')::oid::regtype::text, ');') FROM pg_range r WHERE rngtypid = kind.oid) END
  FROM kind
UNION ALL
  SELECT 'pg_class'::regclass, oid, 2, name, 0, '', format('TYPE %s', name), relowner, NULL, NULL,
    format(E'CREATE TYPE %s AS (\n%s\n);', name, (SELECT string_agg(format('  %I %s%s', attname, format_type(atttypid, atttypmod),
      CASE WHEN attcollation <> (SELECT typcollation FROM pg_type t WHERE t.oid = atttypid) AND attcollation <> 0 THEN format(' COLLATE %s', attcollation::regcollation) END), E',\n' ORDER BY attnum) FROM attribute WHERE attrelid = relation.oid))
  FROM relation WHERE relkind = 'c'
UNION ALL
  SELECT 'pg_proc'::regclass, oid, 3, oid::regprocedure::text, 0, '', target, proowner, 'f', proacl,
    CASE WHEN prokind <> 'a' THEN trim(trailing E'\n' from pg_get_functiondef(oid)) || ';'
    ELSE (SELECT concat(format('CREATE AGGREGATE %s(%s) (SFUNC = %s, STYPE = %s', routine.oid::regproc, CASE WHEN pronargs = 0 THEN '*' ELSE pg_get_function_arguments(routine.oid) END, aggtransfn::regproc, aggtranstype::regtype),
        CASE WHEN aggfinalfn <> 0 THEN format(', FINALFUNC = %s', aggfinalfn::regproc) END, CASE WHEN aggfinalextra THEN ', FINALFUNC_EXTRA' END,
        CASE WHEN aggcombinefn <> 0 THEN format(', COMBINEFUNC = %s', aggcombinefn::regproc) END, ', INITCOND = ' || quote_literal(agginitval),
        CASE WHEN aggsortop <> 0 THEN format(', SORTOP = %s', aggsortop::regoper) END, CASE proparallel WHEN 's' THEN ', PARALLEL = SAFE' WHEN 'r' THEN ', PARALLEL = RESTRICTED' END, ');')
      FROM pg_aggregate WHERE aggfnoid = routine.oid) END
  FROM routine
UNION ALL
  SELECT 'pg_operator'::regclass, o.oid, 3, o.oid::regoperator::text, 0, '', format('OPERATOR %s', o.oid::regoperator), oprowner, NULL, NULL,
    concat('CREATE OPERATOR ', own.nspname, '.', oprname, ' (FUNCTION = ', oprcode::regproc, CASE WHEN oprleft <> 0 THEN format(', LEFTARG = %s', oprleft::regtype) END, ', RIGHTARG = ', oprright::regtype,
      CASE WHEN oprcom <> 0 THEN format(', COMMUTATOR = OPERATOR(%s)', oprcom::regoper) END, CASE WHEN oprnegate <> 0 THEN format(', NEGATOR = OPERATOR(%s)', oprnegate::regoper) END,
      CASE WHEN oprrest <> 0 THEN format(', RESTRICT = %s', oprrest) END, CASE WHEN oprjoin <> 0 THEN format(', JOIN = %s', oprjoin) END,
      CASE WHEN oprcanhash THEN ', HASHES' END, CASE WHEN oprcanmerge THEN ', MERGES' END, ');')
  FROM pg_operator o JOIN own ON own.oid = oprnamespace WHERE oprcode <> 0 AND ('pg_operator'::regclass::oid, o.oid) NOT IN (SELECT classid, objid FROM member)
UNION ALL
  SELECT 'pg_cast'::regclass, oid, 3, format('%s AS %s', castsource::regtype, casttarget::regtype), 0, '', format('CAST (%s AS %s)', castsource::regtype, casttarget::regtype), NULL, NULL, NULL,
    format('CREATE CAST (%s AS %s) %s%s;', castsource::regtype, casttarget::regtype,
      CASE castmethod WHEN 'f' THEN format('WITH FUNCTION %s', castfunc::regprocedure) WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END,
      CASE castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' END)
  FROM pg_cast WHERE oid >= 16384 AND ('pg_cast'::regclass::oid, oid) NOT IN (SELECT classid, objid FROM member)
UNION ALL
  SELECT 'pg_class'::regclass, s.oid, CASE WHEN owned.relation IS NULL THEN 4 ELSE 5 END, coalesce(owned.relation::regclass::text, s.name), 0, s.name, format('SEQUENCE %s', s.name), relowner, 's', relacl,
    concat_ws(' ', 'CREATE', CASE s.relpersistence WHEN 'u' THEN 'UNLOGGED' END, 'SEQUENCE', s.name, CASE WHEN seqtypid <> 'int8'::regtype THEN format('AS %s', seqtypid::regtype) END, nullif(options.options, '')) || ';'
  FROM relation s JOIN pg_sequence q ON q.seqrelid = s.oid JOIN sequence_options options ON options.seqrelid = s.oid LEFT JOIN owned ON owned.sequence = s.oid
  WHERE owned.deptype IS DISTINCT FROM 'i'
UNION ALL
  SELECT 'pg_class'::regclass, r.oid, rank, r.name, 1, '', format('TABLE %s', r.name), relowner, 'r', relacl,
    concat_ws(E'\n',
      CASE WHEN relkind = 'f' THEN (SELECT format(E'CREATE FOREIGN TABLE %s (\n%s\n) SERVER %I%s;', r.name, columns.list, srvname, (SELECT format(' OPTIONS (%s)', string_agg(format('%I %L', option_name, option_value), ', ')) FROM pg_options_to_table(ftoptions) HAVING count(*) > 0))
          FROM pg_foreign_table JOIN pg_foreign_server s ON s.oid = ftserver WHERE ftrelid = r.oid)
        ELSE concat('CREATE ', CASE relpersistence WHEN 'u' THEN 'UNLOGGED ' END, 'TABLE ', r.name,
          CASE WHEN relispartition THEN format(' PARTITION OF %s', (SELECT inhparent::regclass FROM pg_inherits WHERE inhrelid = r.oid)) END,
          CASE WHEN relispartition AND inline.list IS NULL THEN '' ELSE format(E' (\n%s\n)', concat_ws(E',\n', columns.list, inline.list)) END,
          CASE WHEN relispartition THEN ' ' || pg_get_expr(relpartbound, r.oid)
            ELSE (SELECT format(' INHERITS (%s)', string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno)) FROM pg_inherits WHERE inhrelid = r.oid HAVING count(*) > 0) END,
          CASE WHEN relkind = 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(r.oid) END,
          (SELECT format(' USING %I', amname) FROM pg_am WHERE pg_am.oid = relam AND amname <> 'heap'), options, tablespace, ';') END,
      CASE WHEN relrowsecurity THEN format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY;', r.name) END,
      CASE WHEN relforcerowsecurity THEN format('ALTER TABLE %s FORCE ROW LEVEL SECURITY;', r.name) END,
      CASE relreplident WHEN 'f' THEN format('ALTER TABLE %s REPLICA IDENTITY FULL;', r.name) WHEN 'n' THEN format('ALTER TABLE %s REPLICA IDENTITY NOTHING;', r.name) END,
      columns.more,
      (SELECT string_agg(format('ALTER SEQUENCE %s OWNED BY %s.%I;', sequence::regclass, r.name, attname), E'\n' ORDER BY sequence::regclass::text)
        FROM owned JOIN pg_attribute a ON a.attrelid = owned.relation AND a.attnum = owned.attnum WHERE owned.relation = r.oid AND deptype = 'a'),
      inline.more)
  FROM relation r LEFT JOIN columns ON columns.attrelid = r.oid,
  LATERAL (SELECT string_agg(format('  CONSTRAINT %I %s', conname, definition), E',\n' ORDER BY contype <> 'p', conname) AS list,
      string_agg(CASE WHEN obj_description(k.oid, 'pg_constraint') IS NOT NULL THEN format('COMMENT ON CONSTRAINT %I ON %s IS %L;', conname, r.name, obj_description(k.oid, 'pg_constraint')) END, E'\n' ORDER BY conname) AS more
    FROM restriction k WHERE k.conrelid = r.oid AND k.is_inline) inline
  WHERE relkind IN ('r', 'p', 'f')
UNION ALL
  SELECT 'pg_class'::regclass, r.oid, rank, r.name, 1, '', format('%s %s', kind, r.name), relowner, 'r', relacl,
    concat_ws(E'\n', concat('CREATE ', kind, ' ', r.name, options, tablespace, E' AS\n', rtrim(pg_get_viewdef(r.oid, true), ';'), CASE WHEN relkind = 'm' THEN E'\nWITH NO DATA' END, ';'), columns.more)
  FROM relation r LEFT JOIN columns ON columns.attrelid = r.oid WHERE relkind IN ('v', 'm')
UNION ALL
  SELECT 'pg_constraint'::regclass, k.oid, 5, r.name, CASE contype WHEN 'f' THEN 3 ELSE 2 END, conname::text, format('CONSTRAINT %I ON %s', conname, r.name), NULL, NULL, NULL,
    format('ALTER TABLE %s ADD CONSTRAINT %I %s;', r.name, conname, definition)
  FROM restriction k JOIN relation r ON r.oid = k.conrelid WHERE NOT is_inline
UNION ALL
  SELECT 'pg_constraint'::regclass, k.oid, 2, contypid::regtype::text, 1, conname::text, format('CONSTRAINT %I ON DOMAIN %s', conname, contypid::regtype), NULL, NULL, NULL,
    CASE WHEN NOT is_inline THEN format('ALTER DOMAIN %s ADD CONSTRAINT %I %s;', contypid::regtype, conname, definition) END
  FROM restriction k WHERE contypid <> 0
UNION ALL
  SELECT 'pg_class'::regclass, x.oid, rank, r.name, 4, x.relname::text, format('INDEX %s', x.oid::regclass), NULL, NULL, NULL,
    nullif(concat_ws(E'\n', CASE WHEN k.oid IS NULL THEN pg_get_indexdef(x.oid, 0, true) || ';'
        WHEN x.reloptions IS NOT NULL THEN format('ALTER INDEX %s SET (%s);', x.oid::regclass, array_to_string(x.reloptions, ', ')) END,
      CASE WHEN NOT indisvalid THEN format('-- %s is INVALID', x.oid::regclass) END,
      CASE WHEN indisclustered THEN format('ALTER TABLE %s CLUSTER ON %I;', r.name, x.relname) END,
      CASE WHEN indisreplident THEN format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I;', r.name, x.relname) END,
      (SELECT string_agg(format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s;', x.oid::regclass, attnum, attstattarget), E'\n' ORDER BY attnum) FROM pg_attribute WHERE attrelid = x.oid AND attstattarget >= 0)), '')
  FROM pg_index i JOIN pg_class x ON x.oid = indexrelid JOIN relation r ON r.oid = indrelid LEFT JOIN pg_constraint k ON k.conindid = x.oid AND k.contype IN ('p', 'u', 'x')
  WHERE NOT x.relispartition
UNION ALL
  SELECT 'pg_statistic_ext'::regclass, s.oid, 5, stxrelid::regclass::text, 5, stxname::text, format('STATISTICS %I.%I', own.nspname, stxname), stxowner, NULL, NULL,
    concat_ws(E'\n', pg_get_statisticsobjdef(s.oid) || ';', CASE WHEN stxstattarget >= 0 THEN format('ALTER STATISTICS %I.%I SET STATISTICS %s;', own.nspname, stxname, stxstattarget) END)
  FROM pg_statistic_ext s JOIN own ON own.oid = stxnamespace
UNION ALL
  SELECT 'pg_rewrite'::regclass, w.oid, rank, r.name, 6, rulename::text, format('RULE %I ON %s', rulename, r.name), NULL, NULL, NULL,
    concat_ws(E'\n', pg_get_ruledef(w.oid, true), CASE ev_enabled WHEN 'D' THEN format('ALTER TABLE %s DISABLE RULE %I;', r.name, rulename) WHEN 'R' THEN format('ALTER TABLE %s ENABLE REPLICA RULE %I;', r.name, rulename) WHEN 'A' THEN format('ALTER TABLE %s ENABLE ALWAYS RULE %I;', r.name, rulename) END)
  FROM pg_rewrite w JOIN relation r ON r.oid = ev_class WHERE rulename <> '_RETURN'
UNION ALL
  SELECT 'pg_trigger'::regclass, t.oid, rank, r.name, 7, tgname::text, format('TRIGGER %I ON %s', tgname, r.name), NULL, NULL, NULL,
    concat_ws(E'\n', pg_get_triggerdef(t.oid, true) || ';', CASE tgenabled WHEN 'D' THEN format('ALTER TABLE %s DISABLE TRIGGER %I;', r.name, tgname) WHEN 'R' THEN format('ALTER TABLE %s ENABLE REPLICA TRIGGER %I;', r.name, tgname) WHEN 'A' THEN format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I;', r.name, tgname) END)
  FROM pg_trigger t JOIN relation r ON r.oid = tgrelid WHERE NOT tgisinternal AND tgparentid = 0
UNION ALL
  SELECT 'pg_policy'::regclass, p.oid, rank, r.name, 8, polname::text, format('POLICY %I ON %s', polname, r.name), NULL, NULL, NULL,
    concat('CREATE POLICY ', quote_ident(polname), ' ON ', r.name, CASE WHEN NOT polpermissive THEN ' AS RESTRICTIVE' END,
      CASE polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE' WHEN 'd' THEN ' FOR DELETE' END,
      CASE WHEN polroles <> '{0}' THEN format(' TO %s', (SELECT string_agg(CASE WHEN role = 0 THEN 'PUBLIC' ELSE role::regrole::text END, ', ' ORDER BY role::regrole::text) FROM unnest(polroles) role)) END,
      ' USING (' || pg_get_expr(polqual, polrelid, true) || ')', ' WITH CHECK (' || pg_get_expr(polwithcheck, polrelid, true) || ')', ';')
  FROM pg_policy p JOIN relation r ON r.oid = polrelid
UNION ALL
  SELECT 'pg_event_trigger'::regclass, oid, 7, evtname::text, 0, '', format('EVENT TRIGGER %I', evtname), evtowner, NULL, NULL,
    concat(format('CREATE EVENT TRIGGER %I ON %s', evtname, evtevent), (SELECT format(' WHEN TAG IN (%s)', string_agg(quote_literal(tag), ', ')) FROM unnest(evttags) tag HAVING count(*) > 0), format(' EXECUTE FUNCTION %s();', evtfoid::regproc),
      CASE evtenabled WHEN 'D' THEN format(E'\nALTER EVENT TRIGGER %I DISABLE;', evtname) WHEN 'R' THEN format(E'\nALTER EVENT TRIGGER %I ENABLE REPLICA;', evtname) WHEN 'A' THEN format(E'\nALTER EVENT TRIGGER %I ENABLE ALWAYS;', evtname) END)
  FROM pg_event_trigger
UNION ALL
  SELECT 'pg_publication'::regclass, p.oid, 7, pubname::text, 0, '', format('PUBLICATION %I', pubname), pubowner, NULL, NULL,
    concat(format('CREATE PUBLICATION %I', pubname), CASE WHEN puballtables THEN ' FOR ALL TABLES' END,
      (SELECT ' FOR TABLE ' || string_agg(prrelid::regclass::text, ', ' ORDER BY prrelid::regclass::text) FROM pg_publication_rel WHERE prpubid = p.oid HAVING count(*) > 0),
      format(' WITH (publish = %L%s);', concat_ws(', ', CASE WHEN pubinsert THEN 'insert' END, CASE WHEN pubupdate THEN 'update' END, CASE WHEN pubdelete THEN 'delete' END, CASE WHEN pubtruncate THEN 'truncate' END), CASE WHEN pubviaroot THEN ', publish_via_partition_root' END))
  FROM pg_publication p
UNION ALL
  SELECT 'pg_default_acl'::regclass, d.oid, 7, '', 0, concat(defaclrole::regrole, defaclnamespace, defaclobjtype), NULL, NULL, NULL, NULL,
    (SELECT string_agg(concat('ALTER DEFAULT PRIVILEGES', CASE WHEN defaclrole <> role THEN format(' FOR ROLE %s', defaclrole::regrole) END, CASE WHEN defaclnamespace <> 0 THEN format(' IN SCHEMA %s', defaclnamespace::regnamespace) END,
        CASE WHEN is_granted THEN ' GRANT ' ELSE ' REVOKE ' END, privileges, ' ON ', CASE defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END,
        CASE WHEN is_granted THEN ' TO ' ELSE ' FROM ' END, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END, ';'), E'\n' ORDER BY is_granted, grantee::regrole::text, is_grantable)
      FROM (SELECT true AS is_granted, grantee, is_grantable, string_agg(privilege_type, ', ' ORDER BY privilege_type) AS privileges FROM (
          SELECT grantee, privilege_type, is_grantable FROM aclexplode(defaclacl) EXCEPT SELECT grantee, privilege_type, is_grantable FROM aclexplode(usual) ) more GROUP BY grantee, is_grantable
        UNION ALL SELECT false, grantee, is_grantable, string_agg(privilege_type, ', ' ORDER BY privilege_type) FROM (
          SELECT grantee, privilege_type, is_grantable FROM aclexplode(usual) EXCEPT SELECT grantee, privilege_type, is_grantable FROM aclexplode(defaclacl) ) fewer GROUP BY grantee, is_grantable) changes)
  FROM pg_default_acl d, migrator, LATERAL (SELECT CASE WHEN defaclnamespace = 0 THEN acldefault(CASE defaclobjtype WHEN 'S' THEN 's' ELSE defaclobjtype END, defaclrole) END AS usual) standard
UNION ALL
  SELECT 'pg_db_role_setting'::regclass, setrole, 7, 'setting', 0, setrole::text, NULL, NULL, NULL, NULL,
    format('-- setting of the database%s: %s', CASE WHEN setrole <> 0 THEN format(' for %s', setrole::regrole) END, array_to_string(setconfig, ', '))
  FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL
  -- Rare objects are only listed, so that changes to the list are visible.
  SELECT class, id, 8, pg_describe_object(class, id, 0), 0, '', NULL, NULL, NULL, NULL, format('-- not written out: %s', pg_describe_object(class, id, 0))
  FROM (
    SELECT 'pg_foreign_data_wrapper'::regclass AS class, oid AS id FROM pg_foreign_data_wrapper
    UNION ALL SELECT 'pg_foreign_server'::regclass, oid FROM pg_foreign_server
    UNION ALL SELECT 'pg_user_mapping'::regclass, oid FROM pg_user_mapping
    UNION ALL SELECT 'pg_language'::regclass, oid FROM pg_language WHERE oid >= 16384
    UNION ALL SELECT 'pg_transform'::regclass, oid FROM pg_transform
    UNION ALL SELECT 'pg_am'::regclass, oid FROM pg_am WHERE oid >= 16384
    UNION ALL SELECT 'pg_opclass'::regclass, oid FROM pg_opclass WHERE oid >= 16384
    UNION ALL SELECT 'pg_opfamily'::regclass, oid FROM pg_opfamily WHERE oid >= 16384
    UNION ALL SELECT 'pg_conversion'::regclass, oid FROM pg_conversion WHERE oid >= 16384
    UNION ALL SELECT 'pg_ts_config'::regclass, oid FROM pg_ts_config WHERE oid >= 16384
    UNION ALL SELECT 'pg_ts_dict'::regclass, oid FROM pg_ts_dict WHERE oid >= 16384
    UNION ALL SELECT 'pg_ts_parser'::regclass, oid FROM pg_ts_parser WHERE oid >= 16384
    UNION ALL SELECT 'pg_ts_template'::regclass, oid FROM pg_ts_template WHERE oid >= 16384
    UNION ALL SELECT 'pg_type'::regclass, oid FROM pg_type WHERE oid >= 16384 AND typtype = 'b' AND NOT (typelem <> 0 AND typlen = -1)
  ) rare WHERE (class::oid, id) NOT IN (SELECT classid, objid FROM member)
)
SELECT class::oid, id, rank, grp, place, name, text FROM (
  SELECT object.*, concat_ws(E'\n', sql,
    CASE WHEN owner <> role AND target <> 'SCHEMA public' THEN format('ALTER %s OWNER TO %s;', target, owner::regrole) END,
    CASE WHEN class <> 'pg_attribute'::regclass AND target IS NOT NULL AND target <> 'SCHEMA public' THEN (SELECT format('COMMENT ON %s IS %L;', target, description) FROM pg_description WHERE classoid = class AND objoid = id AND objsubid = 0) END,
    CASE WHEN acl IS NOT NULL THEN (
      SELECT string_agg(concat(CASE WHEN is_granted THEN 'GRANT ' ELSE 'REVOKE ' END, privileges, ' ON ', regexp_replace(target, '^(MATERIALIZED VIEW|VIEW|AGGREGATE) ', CASE WHEN class = 'pg_proc'::regclass THEN 'FUNCTION ' ELSE 'TABLE ' END),
        CASE WHEN is_granted THEN ' TO ' ELSE ' FROM ' END, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END, ';'), E'\n' ORDER BY is_granted, grantee::regrole::text, is_grantable)
      FROM (SELECT true AS is_granted, grantee, is_grantable, string_agg(privilege_type, ', ' ORDER BY privilege_type) AS privileges FROM (
          SELECT grantee, privilege_type, is_grantable FROM aclexplode(acl) EXCEPT SELECT grantee, privilege_type, is_grantable FROM aclexplode(usual)) more GROUP BY grantee, is_grantable
        UNION ALL SELECT false, grantee, is_grantable, string_agg(privilege_type, ', ' ORDER BY privilege_type) FROM (
          SELECT grantee, privilege_type, is_grantable FROM aclexplode(usual) EXCEPT SELECT grantee, privilege_type, is_grantable FROM aclexplode(acl)) fewer GROUP BY grantee, is_grantable) changes) END) AS text
  FROM object, migrator, LATERAL (
    SELECT coalesce((SELECT initprivs FROM pg_init_privs WHERE objoid = id AND classoid = class AND objsubid = 0), acldefault(acl_kind::"char", owner)) AS usual) standard
) written
WHERE text <> '';
