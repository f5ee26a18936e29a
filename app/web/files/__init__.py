"""Lists as files: comma-separated text and spreadsheets that hold the figures of the screen."""
