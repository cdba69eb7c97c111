"""Text to terms: the same for every engine, for documents and for queries."""
