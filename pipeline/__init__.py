"""Kunnskapsgrunnlag: from SSB's figures to the knowledge base of a merging municipality."""

__version__ = "0.1.0"
