"""Files that somebody hands us: each reader yields `domain.imports.Line`s, and nothing it reads is ever executed."""
