"""The words: GraphQL types with names, descriptions and nullability, and a pointer to where each value comes from."""
