"""From the stages of a Dockerfile to a CI build whose caches hit."""
