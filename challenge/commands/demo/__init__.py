"""The demonstration: a whole call played with real data, real models and made-up people."""
