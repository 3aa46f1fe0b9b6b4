INSERT INTO {objects} (name, operation, checksum, sql, created, relations, tool_version, commit_id, build_id)
VALUES (
  {name}, 'drop', {checksum}, '', ARRAY[{rest}]::pg_catalog.text[], '{{}}', {tool_version}, {commit_id}, {build_id}
);
