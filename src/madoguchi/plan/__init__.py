"""Steering the city hall: goals, measures, projects, indicators, reviews, read from the plan documents themselves."""
