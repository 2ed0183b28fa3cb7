"""The student's process: runs students' cells, answers questions about names. Visible to students' code."""
