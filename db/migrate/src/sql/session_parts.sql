WITH s AS (SELECT {state}::json AS s)
SELECT 'setting', key, value FROM s, json_each_text(s -> 'settings')
UNION ALL SELECT 'setting', 'search_path', s ->> 'path' FROM s
UNION ALL SELECT 'channel', value, NULL FROM s, json_array_elements_text(s -> 'channels')
UNION ALL SELECT 'prepared', value, NULL FROM s, json_array_elements_text(s -> 'prepared')
UNION ALL SELECT 'lost', value, NULL FROM s, json_array_elements_text(s -> 'lost')
UNION ALL SELECT 'authorization', s ->> 'authorization', NULL FROM s WHERE s ->> 'authorization' <> session_user
UNION ALL SELECT 'role', s ->> 'role', NULL FROM s WHERE s ->> 'role' <> 'none'
