"""Pages and acts of meetings, by who needs them: everybody, who prepares, who sits in the room, the wall."""
