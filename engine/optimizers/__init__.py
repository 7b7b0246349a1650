"""One way of acting on feedback a file; `engine.optimizer.catalogue` finds them."""
