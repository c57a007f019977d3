"""Writes portable POSIX sh scripts and Dockerfile text for Alpine."""

__version__ = "0.1.0"
