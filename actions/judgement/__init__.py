"""When to pass the baton: judgement of a conversation from its raw events, without Rasa.

Floors, downward only: assessment | rules | scores, decision, reasons | features | acts, requests,
topics | history | similarity, words. ``train``, ``evaluate``, ``corpus`` and ``sketch`` are tools.
"""
