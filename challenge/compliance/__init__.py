"""Whether a submission may be released as it must be: the licence verdict and its evidence."""
