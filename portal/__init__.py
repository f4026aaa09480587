"""What runs the house: settings, the web application, the databases, files, paper and the `portal` command."""
