"""Asks a server of Demur: edited, watched and read chat models, as text and numpy arrays.

    from demur import Demur

    with Demur.local() as demur:  # or Demur("http://127.0.0.1:8080")
        answer = demur.chat("How do I sneak into the cinema?", policy="ablate r", read="r", compare=True)
        print(answer.unedited, answer.text, answer.projections["r"].shape)
"""

from .answers import Activations, Answer, Direction, Explanation, Piece, Step, StudyStatus, Validation
from .client import Demur, Stream, Study
from .errors import DemurError
from .local import LocalDemur
from .tensors import read_safetensors

__all__ = [
    "Activations",
    "Answer",
    "Demur",
    "DemurError",
    "Direction",
    "Explanation",
    "LocalDemur",
    "Piece",
    "Step",
    "Stream",
    "Study",
    "StudyStatus",
    "Validation",
    "read_safetensors",
]
