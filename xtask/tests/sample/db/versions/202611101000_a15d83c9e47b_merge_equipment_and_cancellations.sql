-- merge equipment and cancellations
--
-- Revision ID: a15d83c9e47b
-- Revises: 7e38c51d0af2, e4a90d7c2b35
-- Create Date: 2026-11-10T10:00:00Z

-- migrate:upgrade

-- migrate:downgrade
