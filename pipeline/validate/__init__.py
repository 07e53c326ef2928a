"""Room two: what came is what was asked for."""
