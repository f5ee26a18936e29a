"""What tests are built from: nouns of the trade, naming only what matters."""
