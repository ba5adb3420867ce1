"""What if there were more money, or less? A page with sliders, from a sweep that refines itself."""
