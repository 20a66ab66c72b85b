"""What a network, its demand and its plan are; pure values, no files and no clock."""
