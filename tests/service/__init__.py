"""The whole handoff service in one process, with a stand-in for the bot, for tests."""
