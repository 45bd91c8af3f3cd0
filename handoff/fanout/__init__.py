"""Wake-up signals between connections: never truth, losing one costs only time."""
