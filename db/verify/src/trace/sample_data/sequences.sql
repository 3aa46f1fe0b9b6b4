-- Lets every ascending sequence continue after a number.
SELECT setval(seqrelid, {0}) FROM pg_sequence
WHERE seqincrement > 0 AND seqmax > {0} AND coalesce(pg_sequence_last_value(seqrelid), 0) < {0}
