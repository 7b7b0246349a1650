"""Routes that misbehave, for the tests of everything that stands before and behind a route."""
