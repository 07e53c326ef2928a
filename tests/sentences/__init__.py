"""Reads every sentence of the reports and holds what it claims against the processed tables.

Nothing here imports `pipeline.report`: a sentence is read as a person reads it, from the Markdown that every format is
made of, and looked up in Parquet.
"""
