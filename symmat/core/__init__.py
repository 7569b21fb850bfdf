"""What one must know to add an operation: nodes, shapes, records, walks, and the two ways through a derivative."""
