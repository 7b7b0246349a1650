"""How fast Backchannel trains beside its peers: the same weights, rows and order, the losses compared first."""
