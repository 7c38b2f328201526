"""Does it get slower?"""
