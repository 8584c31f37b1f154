"""Pure functions from values of the domain to Dash components and Plotly figures: no callbacks, no files."""
