"""Tests that import Rasa, numpy or PyYAML, which only the bot's environment has.

They are unittest cases in ``check_*.py``; tests/bot/test_inside.py runs them there and shows
each as a test of its own.
"""
