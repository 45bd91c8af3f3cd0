"""The public side of Stafett: bridge, queue, desk, pages and storage."""
