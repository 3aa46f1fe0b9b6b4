, sequence_options AS MATERIALIZED (
  SELECT seqrelid, seqtypid, concat_ws(' ',
    CASE WHEN seqincrement <> 1 THEN format('INCREMENT BY %s', seqincrement) END,
    CASE WHEN seqmin <> CASE WHEN seqincrement > 0 THEN 1 ELSE least END THEN format('MINVALUE %s', seqmin) END,
    CASE WHEN seqmax <> CASE WHEN seqincrement > 0 THEN most ELSE -1 END THEN format('MAXVALUE %s', seqmax) END,
    CASE WHEN seqstart <> CASE WHEN seqincrement > 0 THEN seqmin ELSE seqmax END THEN format('START WITH %s', seqstart) END,
    CASE WHEN seqcache <> 1 THEN format('CACHE %s', seqcache) END,
    CASE WHEN seqcycle THEN 'CYCLE' END) AS options
  FROM pg_sequence, LATERAL (SELECT
    CASE seqtypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 ELSE 9223372036854775807 END AS most,
    CASE seqtypid WHEN 'int2'::regtype THEN -32768 WHEN 'int4'::regtype THEN -2147483648 ELSE -9223372036854775808 END AS least) limits
)
