"""Would a careful reviewer take it?"""
