-- error: unterminated quoted string
select 'abc; select 2;
