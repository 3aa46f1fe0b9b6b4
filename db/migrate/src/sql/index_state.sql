SELECT i.indexrelid::regclass, i.indisvalid FROM pg_index i WHERE i.indexrelid = to_regclass({index})
