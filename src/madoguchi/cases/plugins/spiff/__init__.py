"""BPMN 2.0 executed by SpiffWorkflow, with FEEL in place of Python and without script tasks."""
