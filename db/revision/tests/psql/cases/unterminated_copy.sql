-- error: does not end with a line `\.`
copy t from stdin;
1
