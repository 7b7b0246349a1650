"""The web application: pages, resources, and what they need of disk and processes. No array maths."""
