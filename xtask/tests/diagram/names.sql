-- Names that are markup, long, in another script or a direction, or words of Mermaid's grammar.
CREATE TABLE "</text><script>alert(1)</script>" ("a""b & c" integer PRIMARY KEY, "PK" text, "two words" text);
CREATE TABLE "%%{init}%% `x` #35;" ("]]> -->" integer REFERENCES "</text><script>alert(1)</script>");
CREATE TABLE "表のなまえ" ("列" text, "with	tab" text, U&"\202E\200B" text, "é" text);
COMMENT ON TABLE "表のなまえ" IS '</title><script>alert(2)</script>';
CREATE TABLE a_very_long_name_of_a_table_that_takes_all_of_the_63_characters (
  another_very_long_name_of_a_column_that_takes_the_63_characters timestamp(6) with time zone[] DEFAULT ARRAY[]::timestamptz[]);
CREATE TYPE "weird ""type""" AS ENUM ('a');
CREATE TABLE "end" ("class" "weird ""type""", "1st" interval day to second(3));
