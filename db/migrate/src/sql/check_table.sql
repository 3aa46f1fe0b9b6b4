(SELECT '{marker}' || {table} || '|' || problem
  FROM (SELECT CASE WHEN to_regclass({table}) IS NULL THEN 'no longer exists' ELSE {problem} END) AS found (problem))