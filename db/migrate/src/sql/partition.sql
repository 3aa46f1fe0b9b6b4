SELECT i.inhdetachpending, {table}::regclass, {partition}::regclass
FROM pg_inherits i
WHERE i.inhrelid = {partition} AND i.inhparent = {table}
