"""Charts and sparklines as SVG: `chart` and `sparkline` draw, the others work out what goes where."""
