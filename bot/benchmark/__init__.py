"""The pipeline held against public yardsticks: ``python -m bot.benchmark --help``."""
