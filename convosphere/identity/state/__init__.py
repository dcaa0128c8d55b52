"""What pages keep of who uses them, and the gate that each of their events passes."""
