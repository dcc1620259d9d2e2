"""What every import of a table shares: where its heading is, which words stand for what, the lines that stay behind, and its screens' parts."""
