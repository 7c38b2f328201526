"""Does it look like the rest of the repository?"""
