"""Every picture of the product is a static SVG made here: no script, no font, no network."""
