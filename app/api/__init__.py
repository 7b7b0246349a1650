"""One resource a module, each offering a `router` whose addresses start with /api."""
