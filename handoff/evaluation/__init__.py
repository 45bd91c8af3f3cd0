"""Measures what an edit did: the real model, rules, forms and assessment, without the web part."""
