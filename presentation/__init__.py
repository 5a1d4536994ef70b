"""What people read, whoever shows it: the board, reports and their pages. It stands on the use cases."""
