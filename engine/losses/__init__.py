"""One loss a file; `engine.loss.catalogue` finds them."""
