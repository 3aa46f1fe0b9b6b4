select 1 +/* ; */ 2; select 3 @-- ;
4; select a->'b;', a #>> '{x;y}', a ?| array['z']; select 5 - -6;
