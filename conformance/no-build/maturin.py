from no_build import *  # noqa: F403
