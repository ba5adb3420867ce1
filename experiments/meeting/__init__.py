"""All that a planning meeting needs, in one folder with an index page."""
