"""What a student handed in: read, looked over, and rebuilt on the instructor's notebook before anything runs."""
