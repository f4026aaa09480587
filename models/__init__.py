"""What must always be true: the records of the placement process, their rules, and who may see them."""
