"""What the tests of every room stand on."""
