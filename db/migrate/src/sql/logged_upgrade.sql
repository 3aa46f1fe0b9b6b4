-- Earlier versions kept sections of any length.
SELECT upgrade_sql FROM {log} WHERE revision = {revision} AND octet_length(upgrade_sql) <= {limit} ORDER BY id DESC LIMIT 1
