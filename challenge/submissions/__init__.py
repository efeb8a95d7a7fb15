"""What is handed in: the upload, its quota, its deadline, its receipt."""
