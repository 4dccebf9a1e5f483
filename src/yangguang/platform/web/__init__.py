"""What every web page stands on: content policy, language of an address, the reader's view."""
