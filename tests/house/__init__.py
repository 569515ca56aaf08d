"""Rules about the house itself: sizes, names, words, addresses."""
