select 'it''s; fine', "a;""b", E'\';', U&'d\0061;', U&"d\0061;", b'01', x'ff', n'a;'; select 2;
