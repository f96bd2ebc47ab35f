"""A tab made of sections: rows with aligned columns under headings, and a line in which one of them is changed."""
