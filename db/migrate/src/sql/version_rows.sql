SELECT version_num FROM {version} ORDER BY version_num COLLATE "C"
