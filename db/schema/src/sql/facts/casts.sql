-- Casts between types that ALTER COLUMN … TYPE can use. The context: `i`mplicit, on `a`ssignment, `e`xplicit.
SELECT 'cast', castsource::regtype, casttarget::regtype, concat(castcontext, castmethod) FROM pg_cast
