"""What crosses between the processes: plain data in frames, never pickle. Visible to students' code."""
