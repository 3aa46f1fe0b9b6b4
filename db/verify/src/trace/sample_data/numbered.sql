-- Lets the sequence of a column continue after the values that were generated for it.
SELECT setval(sequence, last) FROM (SELECT pg_get_serial_sequence({0}, {1}) AS sequence, (SELECT max({2}) FROM {3}) AS last) AS generated
WHERE sequence IS NOT NULL AND last IS NOT NULL
