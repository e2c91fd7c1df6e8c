"""Pure rules of the cases room: BPMN files read and judged, timers, ages."""
