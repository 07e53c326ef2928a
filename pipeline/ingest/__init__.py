"""Room one: raw files, each with its origin, and one way of reading them."""
