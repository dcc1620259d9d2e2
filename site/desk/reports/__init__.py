"""Reports to the steering group and the funder, and of a year: words that people write, figures that stay linked until they are frozen."""
