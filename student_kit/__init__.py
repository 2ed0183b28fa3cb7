"""What a student may have: public checks with messages that help, and pictures of results."""
