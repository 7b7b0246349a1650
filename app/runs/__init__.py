"""Runs: each a training in a process of its own, which a supervisor starts, hears, commands and takes up again.

What trains:        run, with spec, history, checkpoints, pacing, reports, payloads, keeping, scratch
Around it:          process (its entry), children (how it is started and spoken with), preloaded
In the server:      supervisor (who runs, who waits, what a command does), described (a run as JSON)
"""
