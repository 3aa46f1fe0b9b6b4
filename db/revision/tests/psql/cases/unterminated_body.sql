-- error: unterminated BEGIN of a function body
create function f() returns int begin atomic select 1;
select 2;
