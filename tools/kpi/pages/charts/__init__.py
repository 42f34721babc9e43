"""Charts and sparklines as SVG: `chart` and `sparkline` draw, the others say what stands where."""
