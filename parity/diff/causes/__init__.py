"""Why two sides differ: constructs that look alike and mean something else in Java.

A cause is proven by re-applying it: the python side runs once more with one construct meant as Java
means it (or a result is converted), and gives what Java gave.
"""

from parity.diff.causes.explaining import explain
from parity.diff.causes.nouns import Case, JavaText, Trials
from parity.diff.causes.table import TABLE, Known

__all__ = ["TABLE", "Case", "JavaText", "Known", "Trials", "explain"]
