-- Lets the sequence of a column continue after the values that were generated for it, unless it ends before them.
SELECT setval(seqrelid, last) FROM (SELECT pg_get_serial_sequence({0}, {1})::regclass AS sequence, (SELECT max({2}) FROM {3}) AS last) AS generated
JOIN pg_sequence ON seqrelid = sequence
WHERE last BETWEEN seqmin AND seqmax
