"""An answer goes in, a grade comes out, each verdict with the words of the answer that it rests on."""
