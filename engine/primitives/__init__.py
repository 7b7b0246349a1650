"""One primitive a file; `engine.primitive.catalogue` finds them."""
