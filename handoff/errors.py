"""Every error Stafett raises on purpose.

    StafettError                    code, message and cure; never a customer's text
      SettingError                  an environment variable is wrong
      ClientConfigError             a client company's YAML file is wrong
      ContentError                  the bot's content has mistakes, so no model can be made of it
      InputError                    a command argument or a file given to a command is wrong
      StartError                    a part cannot start (port in use, no Python 3.10, disk full)
      Refused                       a request that is understood but not allowed now
        StaleControl                the author saw an older owner of the conversation
        Taken                       another agent was first
        AtCapacity                  the agent has as many chats as they may, or is not online
        NotOwner                    the conversation is not this person's
        IdReuse                     a cmid came again with another content
        NotAllowed                  the role or client company does not permit it
          WrongPassword             who wants a new password must know the old one
          NoDesk                a designer asked for what is at the desk
          Disabled                  the right password, of a login that was switched off
      NotFound                      no such thing, or not yours: both look the same
      ProtocolError                 a frame that is not of the protocol
        FrameTooBig
        Unauthenticated
      Overloaded                    a queue is full; try again
      BotError                      the bot did not answer
        BotUnknown                  the outcome is not known: look for the turn before retrying
      StoreError                    the database refused
      SystemsError                  a client company's system did not answer sensibly

Only the edge (routes, gateways, command line) turns them into status and close codes.
"""

from __future__ import annotations


class StafettError(Exception):
    """Base of all. `code` is for machines, the text for people, `cure` says what to do."""

    code = "error"

    def __init__(self, message: str, *, cure: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.message} {self.cure}".strip()


class SettingError(StafettError):
    code = "bad_setting"


class ClientConfigError(StafettError):
    code = "bad_client_config"


class ContentError(StafettError):
    code = "bad_content"


class InputError(StafettError):
    code = "bad_input"


class StartError(StafettError):
    code = "cannot_start"


class Refused(StafettError):
    code = "refused"


class StaleControl(Refused):
    code = "stale_control"


class Taken(Refused):
    code = "taken"


class AtCapacity(Refused):
    code = "at_capacity"

    def __init__(self) -> None:
        super().__init__(
            "There is no room at that desk for another conversation now.",
            cure="Finish one there, or go online, and try again.",
        )


class NotOwner(Refused):
    code = "not_owner"


class IdReuse(Refused):
    code = "id_reuse"


class NotAllowed(Refused):
    code = "not_allowed"


class WrongPassword(NotAllowed):
    code = "wrong_password"


class NoDesk(NotAllowed):
    code = "no_desk"


class Disabled(NotAllowed):
    code = "disabled"


class NotFound(StafettError):
    code = "not_found"


class ProtocolError(StafettError):
    code = "bad_frame"


class FrameTooBig(ProtocolError):
    code = "too_big"


class Unauthenticated(ProtocolError):
    code = "unauthenticated"


class Overloaded(StafettError):
    code = "overloaded"


class BotError(StafettError):
    code = "bot_failed"


class BotUnknown(BotError):
    code = "bot_unknown"


class StoreError(StafettError):
    code = "store_failed"


class SystemsError(StafettError):
    code = "unavailable"


def code_of(error: Exception) -> str:
    """What a log may say of any error: the words of one that is not ours may quote a customer."""
    return error.code if isinstance(error, StafettError) else type(error).__name__
