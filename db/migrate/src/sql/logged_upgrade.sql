SELECT upgrade_sql FROM {log} WHERE revision = {revision} ORDER BY id DESC LIMIT 1
