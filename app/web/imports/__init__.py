"""CSV files: template, preview with every row's error, all or nothing."""
