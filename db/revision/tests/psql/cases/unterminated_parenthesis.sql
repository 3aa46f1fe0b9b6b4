-- error: unterminated parenthesis
select (1; select 2;
