"""One kind a file; `engine.kind.catalogue` finds them."""
