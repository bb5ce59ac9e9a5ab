"""How long a run trains: budgets in minutes and samples, and how they are kept."""
