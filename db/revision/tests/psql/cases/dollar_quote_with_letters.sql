select $ä$;$ä$; select 2;
