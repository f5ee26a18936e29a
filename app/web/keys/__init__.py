"""Keys for programs: one's own, and for administrators everybody's."""
