"""The tape: a stacked program recorded as a list of operations that one C function works through, step after step."""
