"""Every shipped indicator once more, from its definition, over the records as they are exported."""
