"""What is said after a prediction, whether it held or not: one or two sentences that explain the result."""

from __future__ import annotations

PREDICTIONS: dict[str, str] = {
    "ex39-predict": "Only 24 % of what the layer would read is photograph; all the rest is zeros.",
    "ex40-predict": "Every position of the map needs a copy: as many times as the map has cells.",
    "ex41-predict": "The weights add up to 0, so a surface of one brightness gives 0. Only changes are left: edges.",
    "ex42-predict": "One map for each row of the weight; rows and columns of the picture stay as they are.",
    "ex43-predict": "A quarter stays exactly as it was. The others change a little, since neighbors in a photograph "
    "resemble each other: pooling absorbs a shift in part only.",
    "ex44-predict": "Scaling makes columns equally long, but red, green and blue still rise and fall together. "
    "What columns share no scaling takes away.",
}
"""Name of a prediction -> what is said after the run."""
