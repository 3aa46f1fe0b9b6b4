select $$;$$, $a$ $b$ ; $$ $a$, $_x1$;$_x1$; select 2;
select a$$b; select $1; select 3;
