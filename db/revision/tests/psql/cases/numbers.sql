select 1..10, 1.e5, 1e+, .5, 0x1F, 1_000; select 2;
