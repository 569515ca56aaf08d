"""What we ask of the world: Protocols in our own words, batched by nature, never anything of a wire."""
