"""Cases: their sentence, document, diagram, stock and history at one address."""
