"""Stories told from the facts of a traced history: the life of a project, of a district."""
