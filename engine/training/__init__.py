"""Training: a plan, a table and settings in; numbered events and a model out."""
