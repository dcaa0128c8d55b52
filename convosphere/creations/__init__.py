"""What people make and share, whatever it is: owned, in versions that never change, put away with a way back."""
