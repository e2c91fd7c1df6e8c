"""The finder (手続ナビ): from a life event and a few answers to the procedures one has to do, with reasons."""
