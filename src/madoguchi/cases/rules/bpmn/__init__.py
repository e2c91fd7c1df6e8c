"""BPMN 2.0 files: read safely, judged element by element, brought into the engine's form."""
