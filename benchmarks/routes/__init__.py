"""Routes that a server has while it is measured."""
