"""Room three: SQL files run in order give the processed tables."""
