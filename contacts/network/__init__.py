"""The network of a theme: its ties as a graph (`graph`), what that says (`metrics`), kept night by night (`snapshots`), given out (`export`)."""
