"""Two fictional client companies: their web sites and the systems behind them."""
