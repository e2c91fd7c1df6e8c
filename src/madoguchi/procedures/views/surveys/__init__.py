"""Pages of surveys and public comment: staff's under /office/surveys/, residents' under /surveys/."""
