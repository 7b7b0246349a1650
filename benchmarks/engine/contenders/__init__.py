"""One file a contender; each is imported by a process of its own, so that only that one needs what it imports."""

MODULES = {
    "ours": "ours:Ours",
    "ours_callbacks": "ours:OursByCallbacks",
    "torch": "torch_natural:Natural",
    "torch_batched": "torch_stacked:Stacked",
    "torch_compile": "torch_stacked:Compiled",
    "jax_scan": "jax_scan:Scan",
    "thinc": "thinc_layers:Layers",
    "sklearn_mlp": "sklearn_mlp:Mlp",
}
"""By name, the module and its class."""
