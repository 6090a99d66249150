"""Gold in, fitted numbers out: the files in tutor/data are written here and nowhere else."""
