"""Errors of the cases room. Each message says what was refused and what to do next, in the user's language."""


class CasesError(Exception):
    """Base of the room's errors; ``str(error)`` may be shown to a user."""


class StaleError(CasesError):
    """Somebody else was faster: the task is done already, or the row changed since it was read."""


class BpmnError(CasesError):
    """A BPMN file cannot be read, or asks for what the engine does not do; the report says which element and why."""


class UnreadableBpmnError(BpmnError):
    """The file is no BPMN 2.0 XML, holds entities, or is too large."""


class ServiceFault(CasesError):
    """
    A service task ended with a business error that the flow may catch (BPMN error event); ``code`` names it.

    Any other exception of a service leaves the case stuck, to be retried by staff.
    """

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code
