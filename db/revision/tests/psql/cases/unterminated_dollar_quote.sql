-- error: unterminated dollar-quoted string
select $a$ ; $A$; select 2;
