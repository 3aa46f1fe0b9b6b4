-- create members
--
-- Revision ID: 8c5e17ab4f60
-- Revises: 3f1b6c0d2a94
-- Create Date: 2026-11-02T09:30:00Z

-- migrate:upgrade
CREATE TABLE members (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL CHECK (email LIKE '%_@_%'),
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX members_email_key ON members (lower(email));

-- migrate:downgrade
DROP TABLE members;
