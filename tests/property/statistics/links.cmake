set(EXTRA_LINKS Boost::headers)
