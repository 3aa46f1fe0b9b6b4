select "ñ;", ñ$x, 'é;' ; select ñ1$$; select 漢字 from 表;
