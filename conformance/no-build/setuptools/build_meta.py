from no_build import *  # noqa: F403
from no_build import backend as __legacy__
