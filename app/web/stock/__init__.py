"""Stock: from a number on the shelf down to the step that put it there."""
