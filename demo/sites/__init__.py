"""The two companies' web sites, each on an origin of its own, with the widget on every page."""
