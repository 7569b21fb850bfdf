"""What is known of values, and what is asked of them."""
