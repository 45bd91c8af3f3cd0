"""Everything that runs inside the Rasa server: understanding, policy, input channel, training."""
