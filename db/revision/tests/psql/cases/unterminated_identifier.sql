-- error: unterminated quoted identifier
select "a; select 2;
