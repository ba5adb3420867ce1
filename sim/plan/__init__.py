"""The plan, its programmes, places and evidence: data in, typed objects out."""
