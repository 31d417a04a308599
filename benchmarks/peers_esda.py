"""esda's answers for peers.py, in an environment of its own: `python benchmarks/peers_esda.py FOLDER`.

Reads ranked.csv there (ranking, deaths, births), writes esda.csv and esda_told.csv.
"""

import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from esda.smoothing import Empirical_Bayes, Excess_Risk, choynowski

folder = Path(sys.argv[1])
ranked = pd.read_csv(folder / "ranked.csv")
seconds = {}
for name, answer in {
    "excess_risk": lambda deaths, births: Excess_Risk(deaths, births).r.ravel(),
    "empirical_bayes": lambda deaths, births: 1000 * Empirical_Bayes(deaths, births).r.ravel(),
    "choynowski": lambda deaths, births: choynowski(deaths, births, len(deaths)),
}.items():
    began = time.perf_counter()
    answers = np.empty(len(ranked))
    for rows in ranked.groupby("ranking").indices.values():
        answers[rows] = answer(ranked["deaths"].to_numpy(float)[rows], ranked["births"].to_numpy(float)[rows])
    seconds[name] = time.perf_counter() - began
    ranked[name] = answers
ranked.to_csv(folder / "esda.csv", index=False)
told = pd.DataFrame({"name": ["esda", *seconds], "value": [version("esda"), *map(str, seconds.values())]})
told.to_csv(folder / "esda_told.csv", index=False)
