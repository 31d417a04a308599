"""Opens the files of data/incoming/ for the models written in Python; what stands in them is judged in SQL."""
