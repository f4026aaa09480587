"""What happens when it is asked: reads compiled to one statement, acts done in one transaction."""
