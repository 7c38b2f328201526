"""Does it open a hole?"""
