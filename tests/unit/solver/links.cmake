set(EXTRA_LINKS coley::core)
