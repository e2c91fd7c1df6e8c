"""How work is carried: cases, BPMN workflows, tasks, deadlines, the work list."""
