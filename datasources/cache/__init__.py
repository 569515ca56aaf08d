"""Caches of one worker in front of the store's reading ports: bounded, filled by batch loads, dropped by events."""
