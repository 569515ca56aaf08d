"""Refusals, in GraphQL's words: what each kind is called, what it tells, and what it says in Chinese and English."""
