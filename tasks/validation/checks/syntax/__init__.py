"""Does it parse, and does every name and call in it hold together?"""
