"""What every node and wire does at the moment, on a few rows: passes, figures, and the sums of many numbers."""
