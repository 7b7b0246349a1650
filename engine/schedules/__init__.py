"""One learning-rate schedule a file; `engine.schedule.catalogue` finds them."""
