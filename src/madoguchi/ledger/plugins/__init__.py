"""Payment providers the house can speak to, and the simulator of one."""
