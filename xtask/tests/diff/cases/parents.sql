--- parents in another order
CREATE TABLE a (x int);
CREATE TABLE b (y int);
CREATE TABLE c (x int, y int) INHERITS (a, b);
=>
CREATE TABLE a (x int);
CREATE TABLE b (y int);
CREATE TABLE c (x int, y int) INHERITS (b, a);
--- more parents in another order
CREATE TABLE a (x int, CONSTRAINT x CHECK (x > 0));
CREATE TABLE b (y int, w int);
CREATE TABLE d (z int);
CREATE TABLE c (x int, y int, z int, w int, CONSTRAINT x CHECK (x > 0)) INHERITS (a, b);
=>
CREATE TABLE a (x int, w int, CONSTRAINT x CHECK (x > 0));
CREATE TABLE b (y bigint);
CREATE TABLE d (z int);
CREATE TABLE c (x int, y bigint, z int, w int, CONSTRAINT x CHECK (x > 0)) INHERITS (d, b, a);
--- inherited columns with parents in another order
CREATE TABLE a (x int);
CREATE TABLE b (x int);
CREATE TABLE c () INHERITS (a, b);
=>
CREATE TABLE a (x int);
CREATE TABLE b (x int);
CREATE TABLE c () INHERITS (b, a);
--- inherited columns that would become own ones with parents in another order
CREATE TABLE a (x int);
CREATE TABLE b (y int);
CREATE TABLE c () INHERITS (a, b);
=>
CREATE TABLE a (x int);
CREATE TABLE b (y int);
CREATE TABLE c () INHERITS (b, a);
--- another parent before the ones that stay
CREATE TABLE a (x int);
CREATE TABLE b (y int);
CREATE TABLE d (x int);
CREATE TABLE c (y int) INHERITS (a, b);
=>
CREATE TABLE a (x int);
CREATE TABLE b (y int);
CREATE TABLE d (x int);
CREATE TABLE c (y int) INHERITS (d, a, b);
--- checks and columns that a child has itself, too
CREATE TABLE a (x int, CONSTRAINT x CHECK (x > 0));
CREATE TABLE c (x int, w int, CONSTRAINT x CHECK (x > 0)) INHERITS (a);
CREATE TABLE d (x int, w int, CONSTRAINT x CHECK (x > 0)) INHERITS (c);
=>
CREATE TABLE a (x int, w int, CONSTRAINT x CHECK (x > 1));
CREATE TABLE c (x int, w int, CONSTRAINT x CHECK (x > 1)) INHERITS (a);
CREATE TABLE d (x int, w int, CONSTRAINT x CHECK (x > 1)) INHERITS (c);
--- a table with its columns in another order gets a parent
CREATE TABLE b (y int);
CREATE TABLE c (x int, y int);
=>
CREATE TABLE b (y int);
CREATE TABLE c (x int, y int) INHERITS (b);
--- a partition with its columns in another order
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE TABLE p1 (b int, a int);
CREATE TABLE p2 (a int, b int);
CREATE TABLE p3 (b int, a int);
=>
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE TABLE p3 (b int, a int);
ALTER TABLE p ATTACH PARTITION p3 FOR VALUES IN (3);
--- partitions in the order of their columns
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE TABLE p2 (a int, b int);
CREATE TABLE p3 (b int, a int);
=>
CREATE TABLE p (a int, b int, c int) PARTITION BY LIST (a);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE TABLE p3 (b int, a int, c int);
ALTER TABLE p ATTACH PARTITION p3 FOR VALUES IN (3);
