"""The bus: how published events reach the listeners of every process, in process or over Redis Streams."""
