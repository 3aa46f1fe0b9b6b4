-- A role without privileges.
CREATE TYPE mood AS ENUM ('sad');
CREATE TABLE hidden (mood mood);
